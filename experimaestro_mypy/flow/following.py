"""Follows the configurations of a plan through its code: built, given to others, submitted, sealed, seen by other code.

The code is followed as Python would run it, for a few turns of each loop, and both ways where it branches. What is not
certain on all paths is not known; what other code may have changed is not either. So what is told of a configuration is
true in any run that gets there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from mypy import nodes as n

from experimaestro_mypy import configurations, names
from experimaestro_mypy.flow.events import Ended, Event
from experimaestro_mypy.flow.expressions import evaluate
from experimaestro_mypy.flow.machine import Machine
from experimaestro_mypy.flow.state import State, meet
from experimaestro_mypy.flow.statements import run
from experimaestro_mypy.flow.values import Built, Made, alternatives
from experimaestro_mypy.unit import Module, Unit
from experimaestro_mypy.walk import walk

_WORDS = frozenset({"C", "XPMConfig", "submit", "instance", "copyconfig", "setmeta"})

IN_JOB = ("execute", "__post_init__")
"""Methods that run with instances."""


def follow(module: Module, unit: Unit) -> list[Event]:
    """What happens in a unit, and in the functions that stand in it."""
    if not _is_of_interest(unit):
        return []
    events: list[Event] = []
    for function, body in _bodies(module, unit):
        events.extend(_follow(module, function, body, _captured(module, unit, function)))
    return events


def _is_of_interest(unit: Unit) -> bool:
    return any(reference.name in _WORDS for reference in unit.of(n.MemberExpr)) or any(
        name.name in _WORDS for name in unit.of(n.NameExpr)
    )


def _bodies(module: Module, unit: Unit) -> Iterator[tuple[n.FuncItem | None, Sequence[n.Statement]]]:
    if unit.function is None:
        yield None, module.file.defs
    else:
        yield unit.function, unit.function.body.body
        for nested in unit.of(n.FuncDef):
            if nested is not unit.function:
                yield nested, nested.body.body
    for function in unit.of(n.LambdaExpr):
        yield function, function.body.body


def _captured(module: Module, unit: Unit, function: n.FuncItem | None) -> set[n.SymbolNode]:
    """The variables of a function that other code sees too."""
    nested = _functions_of(module) if function is None else [f for f in walk(function) if isinstance(f, n.FuncItem)]
    inner = {
        name.node
        for other in nested
        if other is not function
        for name in walk(other)
        if isinstance(name, n.NameExpr) and name.node is not None
    }
    return inner | _outer(function)


def _functions_of(module: Module) -> list[n.FuncItem]:
    return [node for statement in module.file.defs for node in walk(statement) if isinstance(node, n.FuncItem)]


def _outer(function: n.FuncItem | None) -> set[n.SymbolNode]:
    """The variables that a function takes from around it."""
    if function is None:
        return set()
    written = [name for name in walk(function) if isinstance(name, n.NameExpr) and name.kind == n.GDEF]
    declared = {
        name
        for statement in walk(function)
        if isinstance(statement, (n.GlobalDecl, n.NonlocalDecl))
        for name in statement.names
    }
    named = [name for name in walk(function) if isinstance(name, n.NameExpr) and name.name in declared]
    return {name.node for name in [*written, *named] if name.node is not None}


def _follow(
    module: Module, function: n.FuncItem | None, body: Sequence[n.Statement], captured: set[n.SymbolNode]
) -> list[Event]:
    machine = Machine(module, captured, evaluate)
    _enter(machine, function)
    run(machine, body)
    end = meet([machine.state, *machine.returns])
    return [*machine.events, *_ended(machine, end)]


def _enter(machine: Machine, function: n.FuncItem | None) -> None:
    """In what runs in a job, `self` is an instance."""
    if isinstance(function, n.FuncDef) and function.info and runs_in_job(function) and function.arguments:
        machine.state.names[function.arguments[0].variable] = Made(function.info)


def runs_in_job(function: n.FuncDef) -> bool:
    """Whether a method runs with an instance, in a job."""
    info = function.info
    if function.name == "execute":
        return bool(info) and info.has_base(names.LIGHTWEIGHT_TASK)
    return bool(info) and function.name == "__post_init__" and configurations.is_configuration(info)


def _ended(machine: Machine, end: State) -> Iterator[Event]:
    held = {one for life in end.lives.values() for value in life.fields.values() for one in alternatives(value)}
    for config, life in end.lives.items():
        if not life.is_lost:
            yield Ended(config, life, config in machine.named or _is_in(config, held))


def _is_in(config: Built, held: Collection[object]) -> bool:
    return config in held
