"""``outer @ inner`` where no parameter of the outer configuration takes the inner one, or several do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from experimaestro_mypy import codes
from experimaestro_mypy.candidates import candidates
from experimaestro_mypy.flow.events import Composed, Event
from experimaestro_mypy.unit import Finding, Module, Unit
from experimaestro_mypy.wording import a


def composed(module: Module, unit: Unit, events: Sequence[Event]) -> Iterator[Finding]:
    """Compositions that do not say which parameter is meant."""
    for event in events:
        fault = _fault(event) if isinstance(event, Composed) else None
        if fault is not None and isinstance(event, Composed):
            yield Finding(event.where, codes.COMPOSITION, fault)


def _fault(event: Composed) -> str | None:
    outer, inner = event.outer.info.name, event.inner.info.name
    found = candidates(event.outer.info, event.inner.info)
    if len(found.certain) > 1:
        listed, first = ", ".join(found.certain), found.certain[0]
        return f"{listed} of {outer} all take {a(inner)}: write {outer}.C({first}=...) instead of @"
    if found.certain or not event.outer.is_exact or (found.possible and not event.inner.is_exact):
        return None
    if any(name in found.possible for name in _open(event)):
        return None
    hint = f"; write {inner} @ {outer} to put it on the left" if _is_reversed(event) else ""
    return f"no parameter of {outer} takes {a(inner)}{hint}"


def _open(event: Composed) -> list[str]:
    """The parameters whose type may be anything."""
    object_of = candidates(event.outer.info, event.outer.info)
    return [name for name in object_of.possible if name in candidates(event.outer.info, event.inner.info).possible]


def _is_reversed(event: Composed) -> bool:
    return len(candidates(event.inner.info, event.outer.info).certain) == 1
