"""Parts of lists and tuples, and what is made of several of them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from mypy import nodes as n

from experimaestro_mypy.flow import containers
from experimaestro_mypy.flow.events import Way
from experimaestro_mypy.flow.machine import Machine
from experimaestro_mypy.flow.values import UNKNOWN, Holder, Item, Several, Value, one_of


def any_of(machine: Machine, value: Value) -> Value:
    """An element of a container, whichever: another one than elsewhere, or the same."""
    found = containers.element(machine, value)
    return found if isinstance(found, Several) else one_of([found, UNKNOWN])


def some_of(machine: Machine, value: Value) -> Value:
    """Some elements of a container."""
    held = any_of(machine, value)
    return machine.hold("list", [held, held], is_exact=False)


def part(machine: Machine, value: Value, index: n.SliceExpr) -> Value:
    """``value[2:]``."""
    if not isinstance(value, Holder):
        return UNKNOWN
    content, bounds = machine.state.content(value), _bounds(index)
    if bounds is None or content.is_lost or not content.is_exact:
        return some_of(machine, value)
    return machine.hold(value.kind, list(content.values())[bounds])


def _bounds(written: n.SliceExpr) -> slice | None:
    """What a slice takes, when its bounds are literals."""
    bounds: list[int | None] = []
    for part in (written.begin_index, written.end_index, written.stride):
        key = None if part is None else containers.literal_key(part)
        if part is not None and not isinstance(key, int):
            return None
        bounds.append(key if isinstance(key, int) else None)
    return None if bounds[2] == 0 else slice(*bounds)


def shares(machine: Machine, value: Value, targets: Sequence[n.Expression]) -> list[Value]:
    """What each of several targets gets, of which one may have a star."""
    content = machine.state.content(value) if isinstance(value, Holder) else None
    if not isinstance(value, Holder) or content is None or content.is_lost or value.kind == "dict":
        return [UNKNOWN] * len(targets)
    star = next((index for index, target in enumerate(targets) if isinstance(target, n.StarExpr)), None)
    held, count = list(content.values()), len(targets)
    if not content.is_exact or (len(held) != count if star is None else len(held) < count - 1):
        return [(some_of if index == star else any_of)(machine, value) for index in range(count)]
    if star is None:
        return held
    end = star + len(held) - (count - 1)
    return [*held[:star], machine.hold("list", held[star:end]), *held[end:]]


def keyed(machine: Machine, pairs: Holder, where: n.Expression) -> Value:
    """``dict(pairs)``."""
    rows = [_row(machine, item.value) for item in containers.items_of(machine, pairs)]
    held = [row for row in rows if row is not None]
    if len(held) != len(rows):
        machine.lose(pairs, Way.ELSEWHERE, where)
        return UNKNOWN
    for key, _ in held:
        containers.hash_all(machine, key, "dict", where)
    return machine.hold("dict", [value for _, value in held], is_exact=False)


def _row(machine: Machine, value: Value) -> tuple[Value, Value] | None:
    content = machine.state.content(value) if isinstance(value, Holder) and value.kind == "tuple" else None
    if content is None or content.is_lost or len(content.items) != 2:
        return None
    return content.items[0].value, content.items[1].value


def chained(machine: Machine, values: Sequence[Value], where: n.Expression) -> Value:
    """``itertools.chain(...)``."""
    items = [item for value in values for item in _members(machine, value)]
    if any(not isinstance(value, Holder) for value in values):
        for value in values:
            machine.lose(value, Way.ELSEWHERE, where)
        return UNKNOWN
    return machine.hold("list", items, is_exact=False)


def _members(machine: Machine, value: Value) -> list[Item]:
    is_dictionary = isinstance(value, Holder) and value.kind == "dict"
    items = containers.items_of(machine, value)
    return [Item(UNKNOWN)] * len(items) if is_dictionary else [Item(item.value) for item in items]


def crossed(machine: Machine, values: Sequence[Value], where: n.Expression) -> Value:
    """``itertools.product(...)``: no element is followed one by one."""
    columns = [containers.turns(machine, value) for value in values]
    rows = list(itertools.islice(itertools.product(*(column.elements for column in columns)), containers.MANY + 1))
    if len(rows) > containers.MANY or not any(column.is_known for column in columns):
        for value in values:
            machine.lose(value, Way.ELSEWHERE, where)
        return UNKNOWN
    return machine.hold("list", [machine.hold("tuple", row) for row in rows], is_exact=False)
