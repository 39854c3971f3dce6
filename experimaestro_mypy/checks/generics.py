"""Values given to the parameters of generic classes, which their type variables do not accept."""

from __future__ import annotations

from collections.abc import Iterator

from mypy import nodes as n
from mypy import types as t
from mypy.constraints import SUPERTYPE_OF, infer_constraints
from mypy.messages import format_type
from mypy.subtypes import is_subtype

from experimaestro_mypy import codes, configurations
from experimaestro_mypy.syntax import built
from experimaestro_mypy.unit import Finding, Module, Unit


def bounds(module: Module, unit: Unit) -> Iterator[Finding]:
    """Values beyond the bound of a type variable: mypy names the variable, and not the value."""
    for call in unit.of(n.CallExpr):
        info = built(call)
        if info is None or not info.type_vars or _is_applied(call.callee):
            continue
        declared = configurations.parameters(info)
        for name, value in zip(call.arg_names, call.args, strict=True):
            if name is not None and name in declared:
                expected = configurations.type_of(info, declared[name])
                found = _beyond(module, f"{name} of {info.name}", expected, value)
                yield from (one._replace(also=(call.line,)) for one in found)


def _is_applied(callee: n.Expression) -> bool:
    """Whether the types are written, as in ``X[int].C``: mypy says what does not fit."""
    return isinstance(callee, n.MemberExpr) and not isinstance(callee.expr, n.RefExpr)


def _beyond(module: Module, title: str, expected: t.Type, value: n.Expression) -> Iterator[Finding]:
    inner = t.get_proper_type(expected)
    arguments = inner.args if isinstance(inner, t.Instance) else ()
    if isinstance(value, n.ListExpr) and len(arguments) == 1:
        for item in value.items:
            yield from _beyond(module, title, arguments[0], item)
        return
    found = module.type_of(value)
    variable = None if found is None else _refusing(inner, found)
    if found is not None and variable is not None:
        options = module.options
        bound = " or ".join(format_type(one, options) for one in variable.values or [variable.upper_bound])
        text = f"parameter {title} takes {variable.name}, which is {bound}, not {format_type(found, options)}"
        yield Finding(value, codes.PARAM_TYPE, text)


def _refusing(expected: t.Type, found: t.ProperType) -> t.TypeVarType | None:
    """The type variable that does not accept what a value makes of it."""
    if isinstance(found, t.AnyType):
        return None
    for constraint in infer_constraints(expected, found, SUPERTYPE_OF):
        variable = constraint.origin_type_var
        if isinstance(variable, t.TypeVarType) and not _accepts(variable, constraint.target):
            return variable
    return None


def _accepts(variable: t.TypeVarType, given: t.Type) -> bool:
    return any(is_subtype(given, one) for one in variable.values or [variable.upper_bound])
