"""What is known at a point of the code: the values of names, and the state of what they stand for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from mypy import nodes as n

from experimaestro_mypy.flow.values import (
    UNKNOWN,
    Built,
    Cell,
    Content,
    File,
    Holder,
    Life,
    Output,
    Value,
    alternatives,
    may_be_absent,
    one_of,
)


class Reached(NamedTuple):
    """A configuration that can be reached from a value."""

    config: Built
    is_certain: bool
    """Whether on all paths."""


class State:
    """What is known at a point of the code. `is_live` tells whether the point can be reached."""

    def __init__(self) -> None:
        self.names: dict[n.SymbolNode, Value] = {}
        self.lives: dict[Built, Life] = {}
        self.contents: dict[Holder, Content] = {}
        self.is_live = True

    def copy(self) -> State:
        """The same, to go on from twice."""
        copied = State()
        copied.names, copied.lives, copied.contents = dict(self.names), dict(self.lives), dict(self.contents)
        copied.is_live = self.is_live
        return copied

    def name(self, node: n.SymbolNode | None) -> Value:
        """The value of a name."""
        return UNKNOWN if node is None else self.names.get(node, UNKNOWN)

    def doubted(self) -> dict[n.SymbolNode, Value]:
        """The names of what may be None, with values of which this is not known."""
        return {node: one_of([value, UNKNOWN]) for node, value in self.names.items() if may_be_absent(value)}

    def life(self, config: Built) -> Life:
        """What is known of a configuration."""
        return self.lives.get(config) or Life(is_lost=True)

    def content(self, holder: Holder) -> Content:
        """What a holder holds."""
        return self.contents.get(holder) or Content(is_lost=True)

    def inside(self, value: Value) -> Iterator[Reached]:
        """The configurations that a value is, or holds as a container: not those below them."""
        return self._reached(value, is_certain=True, seen=set(), below=False)

    def reachable(self, value: Value) -> Iterator[Reached]:
        """The configurations that a value is or holds, those below them included."""
        return self._reached(value, is_certain=True, seen=set(), below=True)

    def _reached(self, value: Value, *, is_certain: bool, seen: set[Cell], below: bool) -> Iterator[Reached]:
        found = alternatives(value)
        certain = is_certain and len(found) == 1
        for cell in found:
            if not isinstance(cell, (Built, Holder)) or cell in seen:
                continue
            seen.add(cell)
            if isinstance(cell, Built):
                yield Reached(cell, certain)
            for held in self._held(cell, below=below):
                yield from self._reached(held, is_certain=certain, seen=seen, below=below)

    def _held(self, cell: Cell, *, below: bool) -> Iterator[Value]:
        if isinstance(cell, Holder):
            yield from self.content(cell).values()
        elif below:
            yield from self.life(cell).fields.values()

    def holders(self, value: Value) -> Iterator[Holder]:
        """The containers that a value is or holds, at any depth."""
        seen: set[Cell] = set()
        pending = list(alternatives(value))
        while pending:
            cell = pending.pop()
            if isinstance(cell, (Built, Holder)) and cell not in seen:
                seen.add(cell)
                if isinstance(cell, Holder):
                    yield cell
                pending.extend(one for held in self._held(cell, below=True) for one in alternatives(held))

    def tasks_behind(self, value: Value) -> Iterator[Built]:
        """The tasks that whoever uses a value needs."""
        pending = list(alternatives(value))
        seen: set[Value] = set()
        while pending:
            found = pending.pop()
            if found in seen:
                continue
            seen.add(found)
            if isinstance(found, (Output, File)):
                yield found.task
            elif isinstance(found, Built):
                yield found
            if isinstance(found, (Built, Holder)):
                pending.extend(one for held in self._held(found, below=True) for one in alternatives(held))


def meet(states: Collection[State]) -> State:
    """What is known where paths meet."""
    live = [state for state in states if state.is_live]
    if not live:
        dead = State()
        dead.is_live = False
        return dead
    met = live[0].copy()
    for state in live[1:]:
        _add(met, state)
    return met


def after_loop(before: State, after: State, gone_through: Iterable[Built]) -> State:
    """What is known after a loop, of which there may have been no turn.

    What it goes through, and what containers hold, is as its turns leave it: without turn, there is no such element.
    """
    met = meet([before, after])
    if after.is_live:
        met.lives.update((config, after.life(config)) for config in gone_through)
        met.contents.update(after.contents)
    return met


def _add(met: State, other: State) -> None:
    for node, value in other.names.items():
        before = met.names.get(node)
        met.names[node] = value if before is None or before is value else one_of([before, value])
    for config, life in other.lives.items():
        known = met.lives.get(config)
        met.lives[config] = life if known is None else known.meet(life)
    for holder, content in other.contents.items():
        held = met.contents.get(holder)
        met.contents[holder] = content if held is None else held.meet(content)
