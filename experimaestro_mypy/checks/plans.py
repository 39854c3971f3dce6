"""Follows the code of a unit once, and gives what happens there to the checks that need it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Final

from mypy import nodes as n

from experimaestro_mypy.checks import completeness, composition, containment, phases, submission, transient, values
from experimaestro_mypy.flow.events import Event
from experimaestro_mypy.flow.following import follow
from experimaestro_mypy.flow.machine import Inside
from experimaestro_mypy.unit import Finding, Module, Unit

EventCheck = Callable[[Module, Unit, Sequence[Event]], Iterator[Finding]]
"""Looks at what happens in a unit."""

EVENT_CHECKS: Final[tuple[EventCheck, ...]] = (
    completeness.missing_parameters,
    submission.unsubmitted,
    submission.resubmitted,
    phases.sealed,
    phases.executed,
    phases.looked,
    phases.read_early,
    composition.composed,
    containment.looped,
    containment.hashed,
    transient.unused,
    transient.read,
    values.generated,
    values.spread,
)


def plans(module: Module, unit: Unit) -> Iterator[Finding]:
    """The mistakes in the use of configurations. Each is told once, however often the code is followed there."""
    followed = follow(module, unit)
    told: set[tuple[int, int, str]] = set()
    for finding in chain(_found(module, unit, followed.events), _in_functions(module, unit, followed.inside)):
        place = (finding.where.line, finding.where.column, finding.code.code)
        if place not in told:
            told.add(place)
            yield finding


def _found(module: Module, unit: Unit, events: Sequence[Event]) -> Iterator[Finding]:
    if events:
        for check in EVENT_CHECKS:
            yield from check(module, unit, events)


def _in_functions(module: Module, unit: Unit, inside: Sequence[Inside]) -> Iterator[Finding]:
    """Mistakes with configurations that a function gets: they are told at its call."""
    places: dict[tuple[n.Context, n.FuncDef, int], list[Event]] = {}
    for event, call, function, line in inside:
        places.setdefault((call, function, line), []).append(event)
    for (where, function, line), events in places.items():
        for finding in _found(module, unit, events):
            text = f"{finding.message} (in {function.name}(), line {line})"
            yield finding._replace(message=text) if finding.where is where else finding
