"""Loops: followed turn by turn, for the elements of a known container, or else for two turns."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from experimaestro_mypy.flow.containers import Turns
from experimaestro_mypy.flow.machine import Loop, Machine
from experimaestro_mypy.flow.state import after_loop, meet
from experimaestro_mypy.flow.values import Built

Turn = Callable[[], None]


def repeat(
    machine: Machine, turns: Sequence[Turn], found: Turns, *, otherwise: Turn | None = None, may_skip: bool = True
) -> None:
    """Goes on with the state after a loop. What it goes through is as its turns left it."""
    before, loop = machine.state.copy(), Loop([], [])
    kept = _gone_through(machine, found)
    machine.loops.append(loop)
    machine.depth += 1
    for turn in turns:
        turn()
        machine.state = meet([machine.state, *loop.continues])
        loop.continues.clear()
    machine.depth -= 1
    machine.loops.pop()
    if may_skip:
        machine.state = after_loop(before, machine.state, kept)
    if otherwise is not None:
        otherwise()
    machine.state = meet([machine.state, *loop.breaks])


def _gone_through(machine: Machine, found: Turns) -> list[Built]:
    if not found.is_known:
        return []
    return [config for item in found.elements for config, is_certain in machine.state.inside(item) if is_certain]
