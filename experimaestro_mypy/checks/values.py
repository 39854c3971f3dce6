"""Values that plans give: constants, generated paths, dictionaries of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mypy import nodes as n

from experimaestro_mypy import codes, configurations, names
from experimaestro_mypy.flow.events import Assigned, Event, Spread
from experimaestro_mypy.flow.values import Built
from experimaestro_mypy.syntax import built, callee, configuration_of
from experimaestro_mypy.translations import unexpected
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
        if owner is not None and isinstance(target, n.MemberExpr) and not _is_self(target.expr):
            yield owner, target.name, statement


def _is_self(expression: n.Expression) -> bool:
    """Whether it is that of a method: mostly an instance, of which anything can be set."""
    return isinstance(expression, n.NameExpr) and isinstance(expression.node, n.Var) and expression.node.is_self


def constants(module: Module, unit: Unit) -> Iterator[Finding]:
    """Constants that a plan assigns."""
    for owner, name, statement in assigned(module, unit):
        declared = configurations.parameters(owner).get(name)
        if declared is not None and not declared.parameter.is_settable:
            text = f"{name} is a constant of {owner.name}: its value is that of the class"
            yield Finding(statement, codes.CONSTANT, text)


def generated(module: Module, unit: Unit, events: Sequence[Event]) -> Iterator[Finding]:
    """Generated paths that a plan gives."""
    for call in unit.of(n.CallExpr):
        info = built(call)
        for name, value in zip(call.arg_names, call.args, strict=True) if info is not None else ():
            if info is not None and name is not None:
                yield from _generated(info, name, value)
    for event in events:
        if isinstance(event, Assigned) or (isinstance(event, Spread) and not _is_copy(event.config)):
            yield from _generated(event.config.info, event.name, event.where)


def _generated(info: n.TypeInfo, name: str, where: n.Context) -> Iterator[Finding]:
    declared = configurations.parameters(info).get(name)
    if declared is not None and declared.parameter.is_generated:
        advice = f"leave it out, or declare {name} without PathGenerator"
        text = f"{name} of {info.name} is a path that is generated, no plan can set it: {advice}"
        yield Finding(where, codes.PATH, text)


def _is_copy(config: Built) -> bool:
    return isinstance(config.where, n.CallExpr) and callee(config.where) == names.COPYCONFIG


def spread(module: Module, unit: Unit, events: Sequence[Event]) -> Iterator[Finding]:
    """What dictionaries give with ``**`` that is no parameter."""
    for event in events:
        if not isinstance(event, Spread):
            continue
        info, name = event.config.info, event.name
        declared = configurations.parameters(info).get(name)
        is_former = declared is None and info.get(name) is not None and not _is_plain(info, name)
        is_copy = _is_copy(event.config)
        if is_former or (declared is not None and (declared.parameter.is_settable or is_copy)):
            continue
        finding = unexpected(event.where, info, name)
        yield finding._replace(code=codes.COPYCONFIG) if is_copy else finding


def _is_plain(info: n.TypeInfo, name: str) -> bool:
    return any(name in configurations.record_of(base).plain for base in info.mro)
