"""What `copyconfig` is given: mypy knows neither its names nor their types."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from mypy import nodes as n
from mypy import types as t
from mypy.messages import format_type
from mypy.subtypes import is_subtype

from experimaestro_mypy import codes, configurations, names, nearest
from experimaestro_mypy.configurations import Declared
from experimaestro_mypy.syntax import callee, configuration_of
from experimaestro_mypy.unit import Finding, Module, Unit

_CONTAINERS: Final = frozenset({f"builtins.{name}" for name in ("list", "set", "frozenset", "dict", "tuple")})


def copies(module: Module, unit: Unit) -> Iterator[Finding]:
    """Values given to `copyconfig` that are no parameters of the copy, or do not fit."""
    for call in unit.of(n.CallExpr):
        if callee(call) != names.COPYCONFIG or not call.args:
            continue
        info = configuration_of(module.type_of(call.args[0]))
        if info is None or info.fullname.startswith(f"{names.PACKAGE}."):
            continue
        for name, value in zip(call.arg_names, call.args, strict=True):
            if name is not None and name != "config":
                yield from _copied(module, call, info, name, value)


def _copied(module: Module, call: n.CallExpr, info: n.TypeInfo, name: str, value: n.Expression) -> Iterator[Finding]:
    declared = configurations.parameters(info)
    if name not in declared:
        settable = [known for known, one in declared.items() if one.parameter.is_settable]
        text = f"{info.name} has no parameter {name}{nearest.hint(name, settable)}"
        yield Finding(call, codes.COPYCONFIG, text)
    elif not declared[name].parameter.is_settable:
        text = f"{name} is a constant of {info.name}: a copy has it as well"
        yield Finding(call, codes.COPYCONFIG, text)
    else:
        yield from _mistyped(module, info, declared[name], value)


def _mistyped(module: Module, info: n.TypeInfo, declared: Declared, value: n.Expression) -> Iterator[Finding]:
    expected = t.get_proper_type(configurations.type_of(info, declared))
    wrong = _wrong(module, value, expected)
    found = None if wrong is None else module.type_of(wrong)
    if wrong is not None and found is not None:
        shown = f"not {'' if wrong is value else 'one that holds '}{format_type(found, module.options)}"
        text = f"takes {format_type(expected, module.options)}, {shown}"
        yield Finding(value, codes.COPYCONFIG, f"parameter {declared.parameter.name} of {info.name} {text}")


def _wrong(module: Module, value: n.Expression, expected: t.ProperType) -> n.Expression | None:
    """The part of a value that does not fit a type; None if all does.

    mypy gave a list that is written here a type without knowing what was expected: its elements are looked at.
    """
    if isinstance(value, n.ConditionalExpr):
        return _wrong(module, value.if_expr, expected) or _wrong(module, value.else_expr, expected)
    if isinstance(expected, t.UnionType):
        parts = [_wrong(module, value, t.get_proper_type(item)) for item in expected.items]
        return None if None in parts else next((part for part in parts if part is not value), value)
    inside = _parts(value, expected)
    if inside is not None:
        found = (_wrong(module, part, t.get_proper_type(kind)) for part, kind in inside)
        return next((part for part in found if part is not None), None)
    given = module.type_of(value)
    is_unknown = given is None or isinstance(value, (n.StarExpr, n.LambdaExpr))
    return None if is_unknown or given is None or _is_accepted(given, expected) else value


def _parts(value: n.Expression, expected: t.ProperType) -> list[tuple[n.Expression, t.Type]] | None:
    """What a written container holds, each with the type that is expected of it."""
    arguments: Sequence[t.Type] = expected.args if isinstance(expected, t.Instance) else ()
    match value:
        case n.ListExpr() | n.SetExpr() if len(arguments) == 1 and _is_of(expected, value):
            return [(item, arguments[0]) for item in value.items]
        case n.ListComprehension() if len(arguments) == 1 and _is_of(expected, value):
            return [(value.generator.left_expr, arguments[0])]
        case n.DictExpr() if len(arguments) == 2:
            pairs = [(key, item) for key, item in value.items if key is not None]
            return [(part, kind) for pair in pairs for part, kind in zip(pair, arguments, strict=True)]
        case n.TupleExpr() if isinstance(expected, t.TupleType) and len(value.items) == len(expected.items):
            return list(zip(value.items, expected.items, strict=True))
        case _:
            return None


def _is_of(expected: t.ProperType, value: n.Expression) -> bool:
    """Whether a list or set that is written here is one of a type, what they hold left out."""
    kind = "set" if isinstance(value, n.SetExpr) else "list"
    other = "list" if kind == "set" else "set"
    return isinstance(expected, t.Instance) and expected.type.fullname not in (f"builtins.{other}", "builtins.dict")


def _is_accepted(found: t.ProperType, expected: t.ProperType) -> bool:
    """Whether values of a type fit another one; what a container holds may be of a subclass: the copy has its own."""
    if isinstance(found, t.UnionType):
        return all(_is_accepted(t.get_proper_type(item), expected) for item in found.items)
    if isinstance(expected, t.UnionType):
        return any(_is_accepted(found, t.get_proper_type(item)) for item in expected.items)
    if isinstance(expected, t.TypeVarType):
        return True
    if isinstance(found, t.Instance) and isinstance(expected, t.Instance) and found.type is expected.type:
        pairs = list(zip(map(t.get_proper_type, found.args), map(t.get_proper_type, expected.args), strict=False))
        is_open = any(isinstance(other, t.TypeVarType) for _, other in pairs)
        if is_open or expected.type.fullname in _CONTAINERS:
            return all(_is_accepted(one, other) for one, other in pairs)
    return is_subtype(found, expected)
