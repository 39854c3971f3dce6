"""Which ready work is next: pools of slots, and the lines in front of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import NamedTuple

from experimaestro.exceptions import ExperimaestroError
from experimaestro.scheduler.messages import Key, PoolName, TokenName


class PoolDeclarationError(ExperimaestroError):
    """A pool is given a capacity that it can't have."""


class Place(NamedTuple):
    """The rank of a work among all: first submitted, first served."""

    order: int
    key: Key


@dataclass(slots=True, eq=False)
class _Pool:
    capacity: int | None
    used: int = 0
    fronts: list[Place] = field(default_factory=list[Place])
    """Heap that holds the first place of every open line, and places that were first before."""

    def has_room(self) -> bool:
        return self.capacity is None or self.used < self.capacity


@dataclass(slots=True, eq=False)
class _Line:
    """Works that want a slot of the same pool and, unless `token` is None, some of the same token."""

    pool: _Pool
    token: TokenName | None
    places: list[Place] = field(default_factory=list[Place])
    """Heap, with places of works that left since."""
    is_asking: bool = False
    """One of its works holds a slot until it is told whether it has its tokens."""
    is_refused: bool = False

    def is_open(self) -> bool:
        return not self.is_asking and not self.is_refused


class _Demand(NamedTuple):
    """A work that has a slot, and asks for its tokens."""

    place: Place
    line: _Line
    wakes: int
    """How many times tokens had been released before."""


class Queues:
    """Ready works, and the slots that running ones hold.

    One work of a line asks for tokens at a time. If one of its tokens is missing it gives its slot back, goes to the
    line of that token, and the line is closed until some may be free. So works wait in submission order behind
    those that lack the same token, never behind those that lack another, and a released token is asked for by one
    work, not by thousands.
    """

    def __init__(self) -> None:
        self._pools: dict[PoolName | None, _Pool] = {None: _Pool(capacity=None)}
        self._lines: dict[tuple[_Pool, TokenName | None], _Line] = {}
        self._lines_of: dict[TokenName, list[_Line]] = {}
        self._queued: dict[Key, _Line] = {}
        self._demands: dict[Key, _Demand] = {}
        self._refused: dict[_Line, None] = {}
        self._retried: list[_Line] = []
        self._touched: dict[_Pool, None] = {}
        self._wakes = 0
        self._wake_of: dict[TokenName, int] = {}
        self._wake_of_all = 0

    @property
    def pools(self) -> list[PoolName]:
        return [name for name in self._pools if name is not None]

    def declare(self, name: PoolName, capacity: int | None) -> None:
        """Adds a pool. Raises PoolDeclarationError if it can hold nothing, or is known with another capacity."""
        if capacity is not None and capacity < 1:
            raise PoolDeclarationError(f"pool {name!r} has a capacity of {capacity}: at least 1 is needed")
        known = self._pools.setdefault(name, _Pool(capacity))
        if known.capacity != capacity:
            raise PoolDeclarationError(f"pool {name!r} has a capacity of {known.capacity}, it can't become {capacity}")

    def join(self, place: Place, pool: PoolName | None, tokens: Iterable[TokenName]) -> None:
        """Puts a ready work in the line of a token known to be missing, if any, else of its first one."""
        lines = [self._line(self._pools[pool], token) for token in tokens]
        if not lines:
            lines = [self._line(self._pools[pool], None)]
        self._put(place, next((line for line in lines if line.is_refused), lines[0]))

    def leave(self, key: Key) -> None:
        """Takes a work out of its line."""
        self._show(self._queued.pop(key))

    def occupy(self, pool: PoolName | None) -> None:
        """Counts a process that runs already, even when there is no room for it."""
        self._pools[pool].used += 1

    def is_overfull(self, pool: PoolName | None) -> bool:
        """More slots are held than there are: a running process was found since they were given."""
        capacity = self._pools[pool].capacity
        return capacity is not None and self._pools[pool].used > capacity

    def vacate(self, pool: PoolName | None) -> None:
        """Takes a slot back."""
        self._pools[pool].used -= 1
        self._touched[self._pools[pool]] = None

    def take(self) -> list[Key]:
        """Gives the free slots to the first works in line; returns these in submission order.

        Those that need tokens are to be granted or refused them next.
        """
        taken = self._fill_touched()
        # Only now, so that a work which asks again and again delays nobody.
        retried, self._retried = self._retried, []
        for line in retried:
            self._open(line)
        taken += self._fill_touched()
        return [place.key for place in sorted(taken)]

    def granted(self, key: Key) -> None:
        """The work has its tokens, or wants them no more: its line moves on."""
        line = self._demands.pop(key).line
        line.is_asking = False
        self._open(line)

    def refused(self, key: Key, missing: TokenName) -> None:
        """The work gives its slot back and waits for the missing token."""
        place, line, wakes = self._demands.pop(key)
        line.is_asking = False
        line.pool.used -= 1
        self._touched[line.pool] = None
        self._close(self._line(line.pool, missing), wakes)
        self._put(place, self._line(line.pool, missing))
        self._show(line)

    def wake(self, tokens: Iterable[TokenName]) -> None:
        """Some of these tokens may be free."""
        self._wakes += 1
        for token in tokens:
            self._wake_of[token] = self._wakes
            for line in self._lines_of.get(token, ()):
                if line.is_refused:
                    self._open(line)

    def wake_all(self) -> None:
        """Some of any token may be free."""
        self._wakes += 1
        self._wake_of_all = self._wakes
        for line in list(self._refused):
            self._open(line)

    def _line(self, pool: _Pool, token: TokenName | None) -> _Line:
        line = self._lines.get((pool, token))
        if line is None:
            line = self._lines[pool, token] = _Line(pool, token)
            if token is not None:
                self._lines_of.setdefault(token, []).append(line)
        return line

    def _put(self, place: Place, line: _Line) -> None:
        heappush(line.places, place)
        self._queued[place.key] = line
        if line.places[0] is place:
            self._show(line)

    def _open(self, line: _Line) -> None:
        line.is_refused = False
        self._refused.pop(line, None)
        self._show(line)

    def _close(self, line: _Line, wakes: int) -> None:
        line.is_refused = True
        self._refused[line] = None
        if line.token is not None and wakes < max(self._wake_of.get(line.token, 0), self._wake_of_all):
            # What was missing may have been released while the answer was under way.
            self._retried.append(line)

    def _show(self, line: _Line) -> None:
        """Lets the pool know who is first in an open line."""
        self._drop_leavers(line)
        if line.places and line.is_open():
            heappush(line.pool.fronts, line.places[0])
            self._touched[line.pool] = None

    def _drop_leavers(self, line: _Line) -> None:
        while line.places and self._queued.get(line.places[0].key) is not line:
            heappop(line.places)

    def _fill_touched(self) -> list[Place]:
        touched, self._touched = self._touched, {}
        return [place for pool in touched for place in self._fill(pool)]

    def _fill(self, pool: _Pool) -> list[Place]:
        taken: list[Place] = []
        while pool.fronts and pool.has_room():
            place = heappop(pool.fronts)
            line = self._queued.get(place.key)
            if line is not None and line.pool is pool and line.is_open():
                self._admit(place, line)
                taken.append(place)
        return taken

    def _admit(self, place: Place, line: _Line) -> None:
        del self._queued[place.key]
        line.pool.used += 1
        if line.token is not None:
            line.is_asking = True
            self._demands[place.key] = _Demand(place, line, self._wakes)
        self._show(line)
