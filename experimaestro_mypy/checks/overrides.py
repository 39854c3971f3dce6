"""Parameters declared again in a subclass."""

from __future__ import annotations

from collections.abc import Iterator

from mypy import nodes as n
from mypy import types as t

from experimaestro_mypy import codes, configurations
from experimaestro_mypy.checks.fields import Attribute, attributes
from experimaestro_mypy.records import Kind
from experimaestro_mypy.unit import Finding, Module


def unsaid_overrides(module: Module) -> Iterator[Finding]:
    """Parameters that replace one of a parent without saying so."""
    for attribute in attributes(module):
        parent = _parent(attribute)
        if parent is not None and not attribute.parameter.overrides and not _is_constant_again(attribute, parent):
            text = f"{attribute.title} replaces that of {parent.name}: if it is meant, write field(overrides=True, ...)"
            yield Finding(attribute.statement, codes.OVERRIDES, f"parameter {text}")


def _is_constant_again(attribute: Attribute, parent: n.TypeInfo) -> bool:
    """Whether a constant has another value in a subclass: that is what constants are for."""
    before = (p for p in configurations.record_of(parent).parameters if p.name == attribute.parameter.name)
    return attribute.parameter.kind is Kind.CONSTANT and all(parameter.kind is Kind.CONSTANT for parameter in before)


def bare_values(module: Module) -> Iterator[Finding]:
    """Values that look like new defaults of parameters of a parent, and are none."""
    for definition in module.classes():
        inherited = configurations.parameters(definition.info)
        for statement in definition.defs.body:
            target = statement.lvalues[0] if isinstance(statement, n.AssignmentStmt) else None
            if not isinstance(statement, n.AssignmentStmt) or not isinstance(target, n.NameExpr):
                continue
            declared = inherited.get(target.name)
            if declared is not None and declared.owner is not definition.info and _is_value(module, statement.rvalue):
                name = target.name
                text = f"{name} = ... changes nothing for the parameter of {declared.owner.name}: "
                is_constant = not declared.parameter.is_settable
                value = "Constant[...] = ..." if is_constant else "Param[...] = field(default=..., overrides=True)"
                advice = f"write {name}: {value}"
                yield Finding(statement, codes.OVERRIDES, text + advice)


def _is_value(module: Module, value: n.Expression) -> bool:
    """Whether it is a value, and not a function or nothing: these may be meant to hide the parameter."""
    return not isinstance(value, (n.TempNode, n.LambdaExpr)) and not isinstance(module.type_of(value), t.FunctionLike)


def _parent(attribute: Attribute) -> n.TypeInfo | None:
    """The class whose parameter is replaced."""
    bases = attribute.info.mro[1:]
    name = attribute.parameter.name
    return next((base for base in bases if name in {p.name for p in configurations.record_of(base).parameters}), None)
