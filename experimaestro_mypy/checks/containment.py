"""Configurations inside themselves, classes that can never be built, sets of configurations that can still change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from mypy import nodes as n
from mypy import types as t

from experimaestro_mypy import codes, configurations
from experimaestro_mypy.flow.events import Event, Hashed, Looped
from experimaestro_mypy.flow.values import Built
from experimaestro_mypy.records import Parameter
from experimaestro_mypy.unit import Finding, Module, Unit


def looped(module: Module, unit: Unit, events: Sequence[Event]) -> Iterator[Finding]:
    """Configurations that get themselves as parameter, directly or not."""
    for event in events:
        if isinstance(event, Looped):
            kind = event.config.info.name
            yield Finding(
                event.where,
                codes.CYCLE,
                f"this {kind} would contain itself, through {event.name}: give another one, or a copy, copyconfig(...)",
            )


def hashed(module: Module, unit: Unit, events: Sequence[Event]) -> Iterator[Finding]:
    """Configurations that can still change, in sets or as keys."""
    for event in _hashed_once([event for event in events if isinstance(event, Hashed) and event.life.is_unsealed]):
        kind = event.config.info.name
        what, instead = _PLACES[event.kind]
        fault = f"this {kind} is not sealed: it can be no {what}; {instead}"
        yield Finding(event.where, codes.UNHASHABLE, fault)


def _hashed_once(events: Sequence[Hashed]) -> Iterator[Hashed]:
    """The plan ends where a configuration is looked for: what else it does with that one is no other mistake."""
    told: set[Built] = set()
    searched: set[Built] = set()
    for event in events:
        if event.config not in searched and not (event.is_search and event.config in told):
            yield event
        (searched if event.is_search else told).add(event.config)


_PLACES: Final = {
    "set": ("element of a set", "write sealed_set(...)"),
    "dict": ("key of a dictionary", "seal() it first, or use its name as the key"),
}


def endless(module: Module) -> Iterator[Finding]:
    """Classes whose required parameters need a configuration of the same class, without end."""
    classes = [definition.info for definition in module.classes()]
    known = _all_classes(module, classes)
    buildable = _buildable(known)
    for info in classes:
        own = [one for one in _needs(info) if info.names.get(one[0].name) is not None]
        endless = (one for one in own if info in _below(one[1], buildable, known))
        for parameter, needed in islice(endless, 1):
            yield Finding(_place(info, parameter), codes.CYCLE, _without_end(info, parameter, needed))


def _without_end(info: n.TypeInfo, parameter: Parameter, needed: n.TypeInfo) -> str:
    symbol = info.names.get(parameter.name)
    declared = None if symbol is None or symbol.type is None else t.get_proper_type(symbol.type)
    kind = needed.name if isinstance(declared, t.Instance) else "..."
    return (
        f"every {info.name} needs another one, through {parameter.name}: no {info.name} can be built; "
        f"write {parameter.name}: Param[{kind} | None] = field(default=None)"
    )


def _all_classes(module: Module, classes: Sequence[n.TypeInfo]) -> list[n.TypeInfo]:
    """The classes of a module, and those that they need or derive from."""
    found: dict[n.TypeInfo, None] = dict.fromkeys(classes)
    pending = list(classes)
    while pending:
        info = pending.pop()
        for other in [needed for _, needed in _needs(info)]:
            if other not in found:
                found[other] = None
                pending.append(other)
    return list(found)


def _needs(info: n.TypeInfo) -> Iterator[tuple[Parameter, n.TypeInfo]]:
    """The parameters that must hold a configuration, with their classes."""
    for declared in configurations.parameters(info).values():
        if declared.parameter.is_required:
            kind = t.get_proper_type(configurations.type_of(info, declared))
            yield from ((declared.parameter, needed) for needed in _held(kind))


def _held(kind: t.ProperType) -> Iterator[n.TypeInfo]:
    """The classes of the configurations that a value of a type always holds: a list may be empty, a tuple not."""
    if isinstance(kind, t.TupleType):
        for item in kind.items:
            yield from _held(t.get_proper_type(item))
    elif isinstance(kind, t.Instance) and configurations.is_configuration(kind.type):
        yield kind.type


def _buildable(known: Sequence[n.TypeInfo]) -> set[n.TypeInfo]:
    """The classes of which a configuration can be built."""
    found: set[n.TypeInfo] = set()
    while True:
        added = {info for info in known if info not in found and _can_build(info, found, known)}
        if not added:
            return found
        found |= added


def _can_build(info: n.TypeInfo, found: set[n.TypeInfo], known: Sequence[n.TypeInfo]) -> bool:
    return all(_has_value(needed, found, known) for _, needed in _needs(info))


def _has_value(needed: n.TypeInfo, found: set[n.TypeInfo], known: Sequence[n.TypeInfo]) -> bool:
    """Whether a class, or one of its subclasses, can be built. Of abstract classes, subclasses may be elsewhere."""
    if needed.is_abstract or not needed.defn.info:
        return True
    return any(info.has_base(needed.fullname) for info in found)


def _below(needed: n.TypeInfo, buildable: set[n.TypeInfo], known: Sequence[n.TypeInfo]) -> set[n.TypeInfo]:
    """The classes that cannot be built, and that a configuration of a class needs in the end."""
    found: set[n.TypeInfo] = set()
    pending = [needed]
    while pending:
        info = pending.pop()
        if info in found or info in buildable:
            continue
        found.add(info)
        pending.extend(other for _, other in _needs(info))
        pending.extend(other for other in known if other is not info and info.has_base(other.fullname))
    return found


def _place(info: n.TypeInfo, parameter: Parameter) -> n.Context:
    for statement in info.defn.defs.body:
        if statement.line == parameter.line:
            return statement
    return info.defn
