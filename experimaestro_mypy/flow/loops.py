"""Loops: followed turn by turn, for the elements of a known container, or else for two turns."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from experimaestro_mypy.flow.containers import Turns
from experimaestro_mypy.flow.events import Ended, Event
from experimaestro_mypy.flow.machine import Loop, Machine
from experimaestro_mypy.flow.state import after_loop, meet
from experimaestro_mypy.flow.values import Built, Life

Turn = Callable[[], None]
_Key = tuple[object, ...]


def repeat(
    machine: Machine,
    turns: Sequence[Turn],
    found: Turns,
    *,
    otherwise: Turn | None = None,
    may_skip: bool = True,
    is_told_once: bool = False,
) -> None:
    """Goes on with the state after a loop. What it goes through is as its turns left it."""
    before, loop = machine.state.copy(), Loop([], [])
    kept, rounds = _gone_through(machine, found), _Rounds(machine)
    machine.loops.append(loop)
    machine.depth += 1
    for turn in turns:
        rounds.begin()
        turn()
        machine.state = meet([machine.state, *loop.continues])
        loop.continues.clear()
    machine.depth -= 1
    machine.loops.pop()
    if not is_told_once:
        rounds.end()
    if may_skip:
        machine.state = after_loop(before, machine.state, kept)
    if otherwise is not None:
        otherwise()
    machine.state = meet([machine.state, *loop.breaks])


def _gone_through(machine: Machine, found: Turns) -> list[Built]:
    if not found.is_known:
        return []
    return [config for item in found.elements for config, is_certain in machine.state.inside(item) if is_certain]


class _Rounds:
    """What is told in each turn. Under a condition, only some turns may do it: only what all tell is certain."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._doubts = machine.doubts
        self._start = self._place()
        self._starts: list[tuple[int, int]] = []

    def _place(self) -> tuple[int, int]:
        return len(self._machine.events), len(self._machine.inside)

    def begin(self) -> None:
        """A turn begins."""
        if not self._machine.frames:
            self._machine.doubts = self._doubts
        if self._machine.state.is_live:
            self._starts.append(self._place())

    def end(self) -> None:
        """The last turn is over."""
        machine = self._machine
        if machine.frames:  # what is told of functions happens in any case
            return
        machine.doubts = self._doubts
        if len(self._starts) > 1:
            ends = [*self._starts[1:], self._place()]
            told = [self._told(start, end) for start, end in zip(self._starts, ends, strict=True)]
            common = told[0].intersection(*told[1:])
            first, inside = self._start
            machine.events[first:] = [one for one in machine.events[first:] if self._is_kept(one, one, common)]
            machine.inside[inside:] = [one for one in machine.inside[inside:] if self._is_kept(one, one.event, common)]

    def _told(self, start: tuple[int, int], end: tuple[int, int]) -> set[_Key]:
        inside = (one.event for one in self._machine.inside[start[1] : end[1]])
        return {_key(event) for event in (*self._machine.events[start[0] : end[0]], *inside)}

    def _is_kept(self, told: object, event: Event, common: set[_Key]) -> bool:
        return self._machine.doubtful.get(id(told), 0) <= self._doubts or _key(event) in common


def _key(event: Event) -> _Key:
    """What makes events of several turns the same: the code, and what is known there of the configuration."""
    where = None if isinstance(event, Ended) else event.where
    life = getattr(event, "life", None)
    known = (life.submitted, life.sealed, life.done, life.is_lost, life.given) if isinstance(life, Life) else ()
    return (type(event), id(where), *known)
