"""Follows the configurations of a plan through its code: built, given to others, submitted, sealed, seen by other code.

The code is followed as Python would run it, for a few turns of each loop, and both ways where it branches. What is not
certain on all paths is not known; what other code may have changed is not either. So what is told of a configuration is
true in any run that gets there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from mypy import nodes as n

from experimaestro_mypy import configurations, names
from experimaestro_mypy.flow.events import Ended, Event
from experimaestro_mypy.flow.expressions import evaluate
from experimaestro_mypy.flow.machine import Inside, Machine
from experimaestro_mypy.flow.scopes import functions_of, has_words
from experimaestro_mypy.flow.state import meet
from experimaestro_mypy.flow.statements import run
from experimaestro_mypy.flow.values import Built, Made, alternatives
from experimaestro_mypy.unit import Module, Unit

IN_JOB = ("execute", "__post_init__")
"""Methods that run with instances."""


class Followed(NamedTuple):
    """What happens in code."""

    events: list[Event]
    inside: list[Inside]
    """What the functions do that it calls."""


def follow(module: Module, unit: Unit) -> Followed:
    """What happens in a unit, and in the functions that stand in it."""
    found = Followed([], [])
    if _is_of_interest(module, unit):
        for function, body in _bodies(module, unit):
            machine = _follow(module, function, body)
            found.events.extend([*machine.events, *_ended(machine)])
            found.inside.extend(machine.inside)
    return found


def _is_of_interest(module: Module, unit: Unit) -> bool:
    if has_words(unit):
        return True
    called = [call.callee.name for call in unit.of(n.CallExpr) if isinstance(call.callee, n.NameExpr)]
    return bool(called) and not functions_of(module).of_interest.isdisjoint(called)


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


def _follow(module: Module, function: n.FuncItem | None, body: Sequence[n.Statement]) -> Machine:
    machine = Machine(module, functions_of(module).captured(function), evaluate, function)
    _enter(machine, function)
    run(machine, body)
    return machine


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


def _ended(machine: Machine) -> Iterator[Event]:
    end = meet([machine.state, *machine.returns])
    held = {one for life in end.lives.values() for value in life.fields.values() for one in alternatives(value)}
    for config, life in end.lives.items():
        if not life.is_lost and config.by is None:
            yield Ended(config, life, config in machine.named or _is_in(config, held))


def _is_in(config: Built, held: Collection[object]) -> bool:
    return config in held
