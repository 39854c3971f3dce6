"""Tags inside values: ``layers=[tag(16)]``, where only the whole value of a parameter is tagged."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from mypy import nodes as n
from mypy import types as t

from experimaestro_mypy import codes, configurations, names
from experimaestro_mypy.checks.choices import copied
from experimaestro_mypy.checks.values import given
from experimaestro_mypy.syntax import callee
from experimaestro_mypy.unit import Finding, Module, Unit

if TYPE_CHECKING:
    from experimaestro_mypy.literals.origins import Origins

_MARKS = (names.TAG, names.STOP_TAGS)
_COPIES = tuple(f"builtins.{name}" for name in ("list", "tuple", "set", "frozenset", "dict", "sorted"))


def inside(module: Module, unit: Unit) -> Iterator[Finding]:
    """Elements of a value that are tagged."""
    marks = {callee(call).rpartition(".")[2] for call in unit.of(n.CallExpr) if callee(call) in _MARKS}
    if not marks:
        return
    from experimaestro_mypy.literals.origins import Origins  # late: few modules need it

    origins = Origins(module, unit)
    for info, name, value in (*given(module, unit), *copied(module, unit)):
        for call in _tagged(origins, _marked(value) or value) if _is_checked(info, name) else ():
            mark = callee(call).rpartition(".")[2]
            text = f"{name} of {info.name} has {mark}(...) inside: write it around the whole value, {name}={mark}(...)"
            yield Finding(call, codes.PARAM_TYPE, text)


def _is_checked(info: n.TypeInfo, name: str) -> bool:
    """Whether the elements of a parameter are checked when it is set: tags have no place in them."""
    declared = configurations.parameters(info).get(name)
    is_known = declared is not None and configurations.is_known(declared)
    return declared is not None and is_known and not _is_open(configurations.type_of(info, declared))


def _is_open(kind: t.Type) -> bool:
    """Whether a type takes anything somewhere."""
    proper = t.get_proper_type(kind)
    if isinstance(proper, (t.AnyType, t.TypeVarType)):
        return True
    parts: list[t.Type] = []
    if isinstance(proper, (t.UnionType, t.TupleType)):
        parts = proper.items
    elif isinstance(proper, t.Instance):
        parts = list(proper.args)
    return any(_is_open(part) for part in parts)


def _marked(value: n.Expression) -> n.Expression | None:
    """The value in ``tag(value)``; None for any other."""
    is_mark = isinstance(value, n.CallExpr) and callee(value) in _MARKS and len(value.args) == 1
    return value.args[0] if is_mark and isinstance(value, n.CallExpr) else None


def _tagged(origins: Origins, value: n.Expression) -> Iterator[n.CallExpr]:
    """The marks on elements of a value."""
    match value:
        case n.ListExpr(items=items) | n.TupleExpr(items=items) | n.SetExpr(items=items):
            for item in items:
                yield from _marks(origins, item)
        case n.DictExpr(items=rows):
            for key, held in rows:
                yield from _marks(origins, held)
                if key is not None:
                    yield from _marks(origins, key)
        case n.ListComprehension(generator=made) | n.SetComprehension(generator=made):
            yield from _marks(origins, made.left_expr)
        case n.DictionaryComprehension():
            yield from _marks(origins, value.value)
        case n.OpExpr(op="*" | "+"):
            yield from _tagged(origins, value.left)
            yield from _tagged(origins, value.right)
        case n.ConditionalExpr():
            yield from _tagged(origins, value.if_expr)
            yield from _tagged(origins, value.else_expr)
        case n.CallExpr(callee=n.RefExpr(fullname=name), args=[first]) if name in _COPIES:
            yield from _tagged(origins, first)
        case n.GeneratorExpr():
            yield from _marks(origins, value.left_expr)
        case n.NameExpr():
            for origin in origins.of(value):
                if isinstance(origin.expression, (n.ListExpr, n.DictExpr, n.SetExpr, n.TupleExpr)):
                    yield from _tagged(origins, origin.expression)
        case _:
            return


def _marks(origins: Origins, item: n.Expression) -> Iterator[n.CallExpr]:
    """The mark of an element, or those inside of it."""
    if isinstance(item, n.StarExpr):
        yield from _tagged(origins, item.expr)
    elif isinstance(item, n.CallExpr) and _marked(item) is not None:
        yield item
    elif isinstance(item, n.ConditionalExpr):
        yield from _marks(origins, item.if_expr)
        yield from _marks(origins, item.else_expr)
    elif not isinstance(item, (n.NameExpr, n.CallExpr)):
        yield from _tagged(origins, item)
