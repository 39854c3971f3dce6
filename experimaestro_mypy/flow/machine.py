"""Follows code: the state at the point that is reached, and what happened until there."""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Iterable
from contextlib import contextmanager
from typing import NamedTuple

from mypy import nodes as n

from experimaestro_mypy.flow.events import Event, Left, Opened, Way
from experimaestro_mypy.flow.state import State, meet
from experimaestro_mypy.flow.values import (
    UNKNOWN,
    Built,
    Content,
    File,
    Holder,
    Item,
    Life,
    Output,
    Several,
    Sure,
    Value,
    alternatives,
)
from experimaestro_mypy.unit import Module

Change = Callable[[Life], Life]


class Loop(NamedTuple):
    """The states in which one turn of a loop ends before its last statement."""

    breaks: list[State]
    continues: list[State]


class Machine:
    """Where one is in the code of a function, and what is known there."""

    def __init__(
        self,
        module: Module,
        captured: Collection[n.SymbolNode],
        evaluate: Callable[[Machine, n.Expression], Value],
    ) -> None:
        self.module = module
        self.captured = captured
        """The names that nested functions, or those of the module, use as well."""
        self.state = State()
        self.events: list[Event] = []
        self.named: set[Built] = set()
        """The configurations that were given a name."""
        self.depth = 0
        """In how many loops one is."""
        self.loops: list[Loop] = []
        self.returns: list[State] = []
        self.attempts: list[State] = []
        """For each `try` around, all states that its statements leave."""
        self.done_at_once = Sure.NO
        """What is known of a task as it is submitted: in a rehearsal, results of former runs may be there."""
        self._evaluate = evaluate
        self._silent = 0

    def evaluate(self, expression: n.Expression) -> Value:
        """The value of an expression; its effects are those of running it."""
        return self._evaluate(self, expression)

    def arguments(self, call: n.CallExpr) -> list[Value]:
        """The values of the arguments of a call."""
        return [self.evaluate(argument) for argument in call.args]

    def emit(self, event: Event) -> None:
        """Tells what happens."""
        if self._silent or (self.attempts and isinstance(event, Opened)):
            return  # an exception is expected
        self.events.append(event)

    @contextmanager
    def silence(self) -> Generator[None, None, None]:
        """Code that is expected to fail: nothing is told of it."""
        self._silent += 1
        try:
            yield
        finally:
            self._silent -= 1

    def change(self, value: Value, change: Change) -> None:
        """Changes what is known of the configuration that a value is; perhaps, when it may be another one."""
        found = alternatives(value)
        for config in found:
            if isinstance(config, Built):
                before = self.state.life(config)
                after = change(before)
                self.state.lives[config] = after if len(found) == 1 else before.meet(after)

    def hold(self, kind: str, values: Iterable[Value | Item], *, is_exact: bool = True) -> Holder:
        """A new container."""
        holder = Holder(kind, self.depth)
        items = tuple(value if isinstance(value, Item) else Item(value) for value in values)
        self.state.contents[holder] = Content(items, is_exact)
        return holder

    def lose(self, value: Value, way: Way, where: n.Context) -> None:
        """Other code sees a value, and may do anything with it."""
        self.use(value)
        self.doubt(value)
        holders, reached = list(self.state.holders(value)), list(self.state.reachable(value))
        for holder in holders:
            self.state.contents[holder] = self.state.content(holder)._replace(is_lost=True, is_exact=False)
        for config, _ in reached:
            life = self.state.life(config)
            if not life.is_lost:
                self.emit(Left(config, life, way, where))
                self.state.lives[config] = life._replace(is_lost=True, is_used=True)

    def use(self, value: Value) -> None:
        """Something consumes a value: the tasks behind it are needed."""
        for task in self.state.tasks_behind(value):
            self.state.lives[task] = self.state.life(task)._replace(is_used=True)

    def use_output(self, value: Value) -> None:
        """A part of what a task returned is taken: it is not followed any more."""
        if any(isinstance(one, Output) for one in alternatives(value)):
            self.use(value)

    def doubt(self, value: Value) -> None:
        """Nothing is known any more of whether a file is there."""
        for file in alternatives(value):
            if isinstance(file, File):
                self.state.lives[file.task] = self.state.life(file.task)._replace(done=Sure.MAYBE)

    def wait(self, *, certainly: bool = True) -> None:
        """All that was submitted is done."""
        for config, life in self.state.lives.items():
            if life.submitted is not Sure.NO or life.is_lost:
                done = Sure.YES if certainly else life.done | Sure.YES
                self.state.lives[config] = life._replace(done=done)

    def branch(self, *ways: Callable[[], None]) -> None:
        """Follows several ways from here, and goes on where they meet."""
        before, ends = self.state, list[State]()
        for way in ways:
            self.state = before.copy()
            way()
            ends.append(self.state)
        self.state = meet(ends)

    def stop(self) -> State:
        """The state, which does not go on to the next statement."""
        ended = self.state
        self.state = meet([])
        return ended


def single(value: Value) -> Built | None:
    """The configuration that a value certainly is."""
    return value if isinstance(value, Built) else None


def each(value: Value, of: Callable[[Value], Value]) -> Value:
    """The result for each value that a value may be."""
    if not isinstance(value, Several):
        return of(value)
    found = dict.fromkeys(result for one in value.values for result in alternatives(of(one)))
    results = tuple(found)
    return results[0] if len(results) == 1 else Several(results) if results else UNKNOWN


def is_of_interest(value: Value) -> bool:
    """Whether there is something to know of a value."""
    return any(isinstance(one, (Built, Holder, Output)) for one in alternatives(value))
