"""The scheduler's work grows with the plan, not faster, and plans may be as deep as they are large."""

from __future__ import annotations

import sys
from collections import Counter, deque
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType, TracebackType
from typing import Final

import pytest

from experimaestro._types import JobFailureStatus, JobState, TransientMode
from experimaestro.scheduler import machine as scheduler
from experimaestro.scheduler.machine import Machine
from experimaestro.scheduler.messages import (
    Acquire,
    Cancelled,
    Command,
    Done,
    Ended,
    Event,
    Failure,
    Found,
    Key,
    PoolName,
    Release,
    Start,
    Submitted,
    TokenName,
    TokensGranted,
    TokensMaybeFree,
    TokensRefused,
    Work,
)

CRASH: Final = Failure(JobFailureStatus.FAILED, "exit code 1")
GPU: Final = TokenName("gpu")
CPU: Final = PoolName("cpu")


def key(rank: int) -> Key:
    return Key(f"w{rank}")


def wide(size: int) -> Iterator[Work]:
    return (Work(key=key(rank), pool=CPU) for rank in range(size))


def chain(size: int) -> Iterator[Work]:
    return (Work(key=key(rank), dependencies=(key(rank - 1),) if rank else ()) for rank in range(size))


def transient_chain(size: int) -> Iterator[Work]:
    for work in chain(size):
        is_last = work.key == key(size - 1)
        mode = TransientMode.NONE if is_last else TransientMode.TRANSIENT
        yield Work(key=work.key, dependencies=work.dependencies, transient=mode)


def fan(size: int) -> Iterator[Work]:
    """One work before all, and one after."""
    middle = [key(rank) for rank in range(1, size - 1)]
    yield Work(key=key(0))
    yield from (Work(key=each, dependencies=(key(0),)) for each in middle)
    yield Work(key=key(size - 1), dependencies=tuple(middle))


def sharing_tokens(size: int) -> Iterator[Work]:
    """All want the same token and, each, one of its own."""
    return (Work(key=key(rank), tokens=((TokenName(f"own{rank}"), 1), (GPU, 1))) for rank in range(size))


class Run:
    """Starts all that can, keeps what was started for the test to end."""

    def __init__(self, works: Iterator[Work], *, tokens: int = 4) -> None:
        self.machine = Machine()
        self.machine.declare_pool(CPU, 4)
        self.left = tokens
        self.events = deque[Event](Submitted(work, Found.ABSENT) for work in works)
        self.running = deque[Start]()
        self.commands: Counter[type[Command]] = Counter()

    def drain(self) -> None:
        while self.events:
            for command in self.machine.handle(self.events.popleft()):
                self.commands[type(command)] += 1
                self.perform(command)

    def perform(self, command: Command) -> None:
        match command:
            case Acquire(key, turn) if self.left:
                self.left -= 1
                self.events.append(TokensGranted(key, turn))
            case Acquire(key, turn, tokens):
                self.events.append(TokensRefused(key, turn, tokens[-1][0]))
            case Release():
                self.left += 1
            case Start():
                self.running.append(command)
            case _:
                pass

    def end_one(self, outcome: Done | Failure) -> None:
        start = self.running.popleft()
        self.events.append(Ended(start.key, start.turn, outcome))
        self.drain()

    def end_all(self) -> None:
        self.drain()
        while self.running:
            self.end_one(Done())


def complete(works: Iterator[Work]) -> Machine:
    run = Run(works)
    run.end_all()
    assert run.machine.unfinished == 0
    return run.machine


def fail_first(works: Iterator[Work]) -> Machine:
    run = Run(works)
    run.drain()
    run.end_one(CRASH)
    run.end_all()
    return run.machine


def cancel_all(works: Iterator[Work]) -> Machine:
    run = Run(works)
    run.drain()
    for rank in range(sum(run.machine.counts.values())):
        run.machine.handle(Cancelled(key(rank)))
    return run.machine


class CountedLines:
    """Counts the lines that the scheduler executes; none of them hides a loop over works."""

    def __init__(self) -> None:
        self.count = 0
        self.folder = str(Path(scheduler.__file__).parent)

    def __call__(self, frame: FrameType, event: str, arg: object) -> CountedLines | None:
        if not frame.f_code.co_filename.startswith(self.folder):
            return None
        self.count += event == "line"
        return self

    def __enter__(self) -> CountedLines:
        self.former = sys.gettrace()
        sys.settrace(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        sys.settrace(self.former)


def steps(scenario: Callable[[Iterator[Work]], Machine], shape: Callable[[int], Iterator[Work]], size: int) -> int:
    with CountedLines() as lines:
        scenario(shape(size))
    return lines.count


@pytest.mark.parametrize("scenario", [complete, fail_first, cancel_all])
@pytest.mark.parametrize("shape", [wide, chain, transient_chain, fan, sharing_tokens])
def test_steps_grow_as_the_plan_does(
    scenario: Callable[[Iterator[Work]], Machine], shape: Callable[[int], Iterator[Work]]
) -> None:
    assert steps(scenario, shape, 800) < 4.4 * steps(scenario, shape, 200)


@pytest.mark.parametrize(("shape", "commands_per_work"), [(wide, 4), (chain, 5)])
def test_each_work_costs_a_fixed_number_of_commands(
    shape: Callable[[int], Iterator[Work]], commands_per_work: int
) -> None:
    run = Run(shape(10_000))
    run.end_all()
    assert run.commands.total() <= commands_per_work * 10_000


def test_ten_thousand_works_that_share_tokens_ask_for_them_a_few_times_each() -> None:
    run = Run(sharing_tokens(10_000))
    run.end_all()
    assert run.machine.counts[JobState.DONE] == 10_000
    assert run.commands[Acquire] <= 3 * 10_000


@pytest.mark.parametrize("size", [10, 1_000])
def test_lines_that_are_refused_no_more_cost_nothing_when_tokens_may_be_free(size: int) -> None:
    run = Run((Work(key=key(rank), tokens=((TokenName(f"own{rank}"), 1),)) for rank in range(size)), tokens=0)
    run.drain()
    run.left = size
    run.events.append(TokensMaybeFree())
    run.end_all()
    with CountedLines() as lines:
        run.machine.handle(TokensMaybeFree())
    assert run.machine.unfinished == 0
    assert lines.count < 40


def test_a_chain_of_fifty_thousand_works_completes() -> None:
    assert complete(chain(50_000)).counts[JobState.DONE] == 50_000


def test_a_chain_of_fifty_thousand_works_fails_with_its_first() -> None:
    assert fail_first(chain(50_000)).counts[JobState.ERROR] == 50_000


def test_a_chain_of_fifty_thousand_transient_works_is_started_by_its_last() -> None:
    assert complete(transient_chain(50_000)).counts[JobState.DONE] == 50_000
