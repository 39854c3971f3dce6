"""Follows the code of a unit once, and gives what happens there to the checks that need it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from experimaestro_mypy.checks import completeness, composition, containment, phases, submission, transient
from experimaestro_mypy.flow.events import Event
from experimaestro_mypy.flow.following import follow
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
)


def plans(module: Module, unit: Unit) -> Iterator[Finding]:
    """The mistakes in the use of configurations. Each is told once, however often the code is followed there."""
    events = follow(module, unit)
    told: set[tuple[int, int, str]] = set()
    for check in EVENT_CHECKS:
        for finding in check(module, unit, events):
            place = (finding.where.line, finding.where.column, finding.code.code)
            if place not in told:
                told.add(place)
                yield finding
