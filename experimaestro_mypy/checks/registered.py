"""What a running task registers as its output: another process is given it, as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mypy import nodes as n
from mypy import types as t
from mypy.messages import format_type

from experimaestro_mypy import codes, configurations, names
from experimaestro_mypy.syntax import method_name
from experimaestro_mypy.unit import Finding, Module, Unit

_PLAIN: Final = ("builtins.int", "builtins.float", "builtins.str")
_LISTS: Final = ("builtins.list", "builtins.tuple")
_OPEN: Final = ("builtins.object", "builtins.type")


def arguments(module: Module, unit: Unit) -> Iterator[Finding]:
    """Values given to `register_task_output` that are no plain data."""
    for call in unit.of(n.CallExpr):
        if method_name(call) != names.REGISTER or not _is_of_configuration(module, call):
            continue
        for value in call.args[1:]:
            found = module.type_of(value)
            wrong = None if found is None else foreign(found)
            if wrong is not None:
                shown = format_type(wrong, module.options)
                text = f"register_task_output(...) takes plain data, as JSON knows them, not {shown}{_instead(wrong)}"
                yield Finding(value, codes.WATCH, text)


def _is_of_configuration(module: Module, call: n.CallExpr) -> bool:
    receiver = module.type_of(call.callee.expr) if isinstance(call.callee, n.MemberExpr) else None
    return isinstance(receiver, t.Instance) and configurations.is_configuration(receiver.type)


def foreign(found: t.ProperType) -> t.ProperType | None:
    """The part of a type whose values are certainly no plain data; None if there is none."""
    match found:
        case t.UnionType():
            items = [t.get_proper_type(item) for item in found.items]
            wrong = [foreign(item) for item in items if not isinstance(item, t.NoneType)]
            return wrong[0] if wrong and None not in wrong else None
        case t.TupleType():
            return _first(found.items)
        case t.Instance():
            return _of_class(found)
        case _:
            return None


def _of_class(found: t.Instance) -> t.ProperType | None:
    info = found.type
    if any(info.has_base(plain) for plain in (*_PLAIN, "pathlib.PurePath")) or info.fullname in _OPEN:
        return None
    if info.fullname in _LISTS:
        return _first(found.args)
    if info.fullname == "builtins.dict":
        return _first(found.args[1:])
    is_open = info.is_protocol or info.is_abstract or info.fallback_to_any or info.module_name in _MODULES
    return None if is_open else found


_MODULES: Final = ("typing", "collections", "collections.abc", "numpy")
"""Those of which values may be plain data."""


def _first(items: list[t.Type] | tuple[t.Type, ...]) -> t.ProperType | None:
    wrong = (foreign(t.get_proper_type(item)) for item in items)
    return next((one for one in wrong if one is not None), None)


def _instead(wrong: t.ProperType) -> str:
    info = wrong.type if isinstance(wrong, t.Instance) else None
    if info is None:
        return ""
    if configurations.is_configuration(info):
        return ": give what the method needs to build it"
    return ": write list(...)" if info.fullname in ("builtins.set", "builtins.frozenset") else ""
