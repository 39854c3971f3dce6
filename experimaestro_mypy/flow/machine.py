"""Follows code: the state at the point that is reached, and what happened until there."""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Iterable
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from typing import Final, NamedTuple, TypeVar

from mypy import nodes as n

from experimaestro_mypy import configurations
from experimaestro_mypy.flow.events import Ended, Event, Left, Opened, Way
from experimaestro_mypy.flow.state import State, meet
from experimaestro_mypy.flow.values import (
    UNKNOWN,
    Built,
    Content,
    File,
    Holder,
    Item,
    Kind,
    Life,
    Output,
    Several,
    Sure,
    Value,
    alternatives,
    settled,
)
from experimaestro_mypy.unit import Module

Change = Callable[[Life], Life]
PlaceT = TypeVar("PlaceT", bound=n.Context)


class Loop(NamedTuple):
    """The states in which one turn of a loop ends before its last statement."""

    breaks: list[State]
    continues: list[State]


class Yielded(NamedTuple):
    """What a generator gives, and what was known of it then."""

    item: Item
    lives: dict[Built, Life]
    contents: dict[Holder, Content]


class Frame:
    """The call of a function of the module that is followed."""

    def __init__(
        self, function: n.FuncDef, call: n.CallExpr, known: Collection[Built], before: AbstractSet[Built]
    ) -> None:
        self.function: Final = function
        self.call: Final = call
        """Where the code that is looked at calls it, perhaps through other functions."""
        self.known: Final = known
        """The configurations that there were before that call."""
        self.before: Final = before
        """Those that there were before the call of this function."""
        self.values: list[Value] = []
        """What it returns."""
        self.yielded: list[Yielded] = []
        self.doubts = 0
        """In how many parts of code, or after how many, that may not run."""


class Inside(NamedTuple):
    """What a function does with a configuration of the code that calls it. `event` says that it happens at the call."""

    event: Event
    call: n.CallExpr
    function: n.FuncDef
    line: int


class Machine:
    """Where one is in the code of a function, and what is known there."""

    def __init__(
        self,
        module: Module,
        captured: Collection[n.SymbolNode],
        evaluate: Callable[[Machine, n.Expression], Value],
        function: n.FuncItem | None = None,
    ) -> None:
        self.module = module
        self.captured = captured
        """The names that nested functions, or those of the module, use as well."""
        self.state = State()
        self.events: list[Event] = []
        self.inside: list[Inside] = []
        """What functions do that are followed."""
        self.frames: list[Frame] = []
        """The functions that are followed, each called by the one before."""
        self.running: list[n.FuncItem] = [] if function is None else [function]
        """The same, after that whose code is looked at."""
        self.followed = 0
        """How many calls were followed."""
        self.doubts = 0
        """In how many parts of the code that is looked at, or after how many, that may not run."""
        self.doubtful: dict[int, int] = {}
        """The doubts there were at each event, by its identity."""
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
        if not self.frames:
            self.doubtful[id(event)] = self.doubts
            self.events.append(event)
        elif not isinstance(event, Ended) and self._is_of_caller(event):
            called, function = self.frames[0].call, self.frames[-1].function
            inside = Inside(event._replace(where=called), called, function, event.where.line)
            self.doubtful[id(inside)] = self.doubts
            self.inside.append(inside)

    def _is_of_caller(self, event: Event) -> bool:
        """Whether a function certainly does something with what its caller built. Its own code tells the rest."""
        subject = event.file.task if isinstance(event, Opened) else getattr(event, "config", None)
        if subject not in self.frames[0].known or any(frame.function.is_generator for frame in self.frames):
            return False
        return isinstance(event, Left) or not any(frame.doubts for frame in self.frames)

    @property
    def function(self) -> n.FuncDef | None:
        """The function that is followed from the code that calls it."""
        return self.frames[-1].function if self.frames else None

    def place(self, where: PlaceT) -> PlaceT | n.CallExpr:
        """Where something happens, as seen from the code that is looked at."""
        return self.frames[0].call if self.frames else where

    @contextmanager
    def doubt_whether(self) -> Generator[None, None, None]:
        """Code that may not run."""
        code = self.frames[-1] if self.frames else self
        code.doubts += 1
        yield
        code.doubts -= 1

    @contextmanager
    def at(self, state: State) -> Generator[None, None, None]:
        """Goes on at another point for a while."""
        here, self.state = self.state, state
        yield
        self.state = here

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

    def value_of(self, node: n.SymbolNode | None) -> Value:
        """The value of a name. An element that is a class is not known where a condition may exclude it."""
        if isinstance(node, n.TypeInfo):
            is_followed = configurations.is_configuration(node) and not node.fallback_to_any
            return Kind(node) if is_followed else UNKNOWN
        value = self.state.name(node)
        if isinstance(value, Kind) and value.doubts is not None and value.doubts < self._all_doubts():
            return UNKNOWN
        return value

    def _all_doubts(self) -> int:
        return self.doubts + sum(frame.doubts for frame in self.frames)

    def kept(self, value: Value) -> Value:
        """A value as a container has it."""
        return Kind(value.info, doubts=self._all_doubts()) if isinstance(value, Kind) else settled(value)

    def hold(self, kind: str, values: Iterable[Value | Item], *, is_exact: bool = True) -> Holder:
        """A new container."""
        holder = Holder(kind, self.depth)
        held = (value if isinstance(value, Item) else Item(value) for value in values)
        items = tuple(Item(self.kept(item.value), item.key) for item in held)
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
        """Follows several ways from here, and goes on where they meet.

        What may be None may well be so on one way and not on another: each way would have to know why it is taken.
        """
        before, ends = self.state, list[State]()
        doubted = before.doubted()
        for way in ways:
            self.state = before.copy()
            self.state.names.update(doubted)
            with self.doubt_whether():
                way()
            ends.append(self.state)
        self.state = meet(ends)
        if not all(end.is_live for end in ends):
            code = self.frames[-1] if self.frames else self
            code.doubts += 1  # until the turn of the loop or the function ends: what follows may not run
        if all(end.is_live for end in ends):
            restored = {node for node, value in doubted.items() if self.state.names.get(node) is value}
            self.state.names.update((node, before.names[node]) for node in restored)

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
