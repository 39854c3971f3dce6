"""Transient tasks: those that nothing needs never run, and their files are for other tasks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from experimaestro_mypy import codes
from experimaestro_mypy.flow.events import Ended, Event, Opened
from experimaestro_mypy.flow.values import Sure
from experimaestro_mypy.unit import Finding, Module, Unit


def unused(module: Module, unit: Unit, events: Sequence[Event]) -> Iterator[Finding]:
    """Transient tasks that no other needs: they never run."""
    idle = {
        event.config: event.life
        for event in events
        if isinstance(event, Ended) and event.life.transient and not event.life.is_used
    }
    for task, life in idle.items():
        if life.submission is not None and life.submitted is Sure.YES:
            yield Finding(
                life.submission,
                codes.TRANSIENT,
                f"this {task.info.name} is {life.transient}, and no task uses it: it will not run; "
                "submit it without transient=...",
            )


def read(module: Module, unit: Unit, events: Sequence[Event]) -> Iterator[Finding]:
    """Files of transient tasks that are read at the end: they may not be there."""
    for event in events:
        if isinstance(event, Opened) and event.life.transient and event.life.done is Sure.YES:
            task, mode = event.file.task.info.name, event.life.transient
            reason = "is removed" if mode == "REMOVE" else "is only written if another task has to run"
            yield Finding(
                event.where,
                codes.TRANSIENT,
                f"{event.file.name} of this {mode} {task} {reason}: submit {task} without transient=... to read it",
            )
