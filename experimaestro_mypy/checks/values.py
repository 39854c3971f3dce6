"""Literal values that plans give: choices, constants, the keywords of `copyconfig`."""

from __future__ import annotations

from collections.abc import Iterator

from mypy import nodes as n
from mypy import types as t
from mypy.messages import format_type
from mypy.subtypes import is_subtype

from experimaestro_mypy import codes, configurations, names, nearest
from experimaestro_mypy.checks.fields import literal, refused_choice
from experimaestro_mypy.configurations import Declared
from experimaestro_mypy.translations import built, callee, configuration_of
from experimaestro_mypy.unit import Finding, Module, Unit


def given(module: Module, unit: Unit) -> Iterator[tuple[n.TypeInfo, str, n.Expression]]:
    """What the code gives to parameters: the class, the name and the value."""
    for call in unit.of(n.CallExpr):
        info = built(call)
        if info is not None:
            pairs = zip(call.arg_names, call.args, strict=True)
            yield from ((info, name, value) for name, value in pairs if name is not None)
    yield from ((info, name, statement.rvalue) for info, name, statement in assigned(module, unit))


def assigned(module: Module, unit: Unit) -> Iterator[tuple[n.TypeInfo, str, n.AssignmentStmt]]:
    """What the code assigns to attributes of configurations: the class, the name and the statement."""
    for statement in unit.of(n.AssignmentStmt):
        target = statement.lvalues[0]
        owner = configuration_of(module.type_of(target.expr)) if isinstance(target, n.MemberExpr) else None
        if owner is not None and isinstance(target, n.MemberExpr):
            yield owner, target.name, statement


def choices(module: Module, unit: Unit) -> Iterator[Finding]:
    """Literal values which are not among the choices of their parameter."""
    for info, name, value in given(module, unit):
        declared = configurations.parameters(info).get(name)
        allowed = declared.parameter.choices if declared is not None else None
        found = literal(module, untagged(value)) if allowed is not None else None
        if allowed is not None and found is not None and found not in allowed:
            yield Finding(value, codes.CHOICES, refused_choice(f"{name} of {info.name}", found, allowed))


def untagged(value: n.Expression) -> n.Expression:
    """The value in ``tag(value)``."""
    is_tag = isinstance(value, n.CallExpr) and callee(value) == names.TAG and len(value.args) == 1
    return value.args[0] if is_tag and isinstance(value, n.CallExpr) else value


def constants(module: Module, unit: Unit) -> Iterator[Finding]:
    """Constants that a plan assigns."""
    for owner, name, statement in assigned(module, unit):
        declared = configurations.parameters(owner).get(name)
        if declared is not None and not declared.parameter.is_settable:
            text = f"{name} is a constant of {owner.name}: its value is that of the class"
            yield Finding(statement, codes.CONSTANT, text)


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
        yield from _mistyped(module, call, info, declared[name], value)


def _mistyped(
    module: Module, call: n.CallExpr, info: n.TypeInfo, declared: Declared, value: n.Expression
) -> Iterator[Finding]:
    found = module.type_of(value)
    expected = t.get_proper_type(configurations.type_of(info, declared))
    if found is None or module.checker is None or _is_open(expected) or is_subtype(found, expected):
        return
    if _is_fresh(value):  # mypy gave it a type without knowing what was expected
        return
    options = module.checker.options
    text = f"takes {format_type(expected, options)}, not {format_type(found, options)}"
    yield Finding(call, codes.COPYCONFIG, f"parameter {declared.parameter.name} of {info.name} {text}")


def _is_open(expected: t.ProperType) -> bool:
    """Whether a type has variables, or is not known."""
    return isinstance(expected, (t.AnyType, t.TypeVarType)) or bool(getattr(expected, "args", ()))


def _is_fresh(value: n.Expression) -> bool:
    return isinstance(value, (n.ListExpr, n.DictExpr, n.SetExpr, n.TupleExpr, n.ListComprehension, n.LambdaExpr))
