"""The scheduler in a simulated world: random plans, in which anything happens in any order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeVar, assert_never

from hypothesis import given, settings
from hypothesis import strategies as st

from experimaestro._types import JobFailureStatus, JobState, TransientMode
from experimaestro.scheduler.machine import Machine
from experimaestro.scheduler.messages import (
    Acquire,
    Busy,
    Cancelled,
    Changed,
    Command,
    Done,
    Ended,
    Event,
    Failure,
    Found,
    Key,
    Kill,
    NotStarted,
    Outcome,
    PoolName,
    Release,
    Start,
    Started,
    StopRequested,
    Submitted,
    TokenName,
    TokensGranted,
    TokensMaybeFree,
    TokensRefused,
    Turn,
    Watch,
    Work,
)

CAPACITIES: Final = {PoolName("one"): 1, PoolName("two"): 2, PoolName("any"): None}
TOTALS: Final = {TokenName("gpu"): 2, TokenName("disk"): 1}

DONE: Final = Done()
CRASH: Final = Failure(JobFailureStatus.FAILED, "exit code 1")
TIMEOUT: Final = Failure(JobFailureStatus.TIMEOUT, "out of time")
KILLED: Final = Failure(JobFailureStatus.CANCELLED, "killed")

FRESH: Final = {
    JobState.UNSCHEDULED,
    JobState.WAITING,
    JobState.READY,
    JobState.RUNNING,
    JobState.DONE,
    JobState.ERROR,
}
AFTER_AN_ATTEMPT: Final = {JobState.DONE, JobState.ERROR, JobState.READY, JobState.WAITING}
LEGAL: Final[dict[JobState | None, set[JobState]]] = {
    None: FRESH,
    JobState.UNSCHEDULED: FRESH - {JobState.UNSCHEDULED},
    JobState.WAITING: {JobState.READY, JobState.ERROR},
    JobState.READY: {JobState.SCHEDULED, JobState.ERROR},
    JobState.SCHEDULED: {JobState.RUNNING, *AFTER_AN_ATTEMPT},
    JobState.RUNNING: AFTER_AN_ATTEMPT,
    JobState.DONE: set(),
    JobState.ERROR: FRESH,
}


@dataclass(frozen=True)
class Planned:
    """A work, and how its successive processes end: None for one that does not even start."""

    work: Work
    ends: tuple[Outcome | None, ...]

    def end(self, run: int) -> Outcome | None:
        return self.ends[min(run, len(self.ends) - 1)]


ELSEWHERE: Final = 0
"""The driver of a process that another experiment started."""


@dataclass
class Process:
    driver: int
    end: Outcome


@dataclass
class World:
    """Disk, processes and other users; they survive the drivers, which crash."""

    plan: Sequence[Planned]
    driver: int = 0
    machine: Machine = field(default_factory=Machine)
    submitted: list[Key] = field(default_factory=list[Key])
    mail: list[Event] = field(default_factory=list[Event])
    delivered: list[Event] = field(default_factory=list[Event])
    turns: dict[Key, Turn] = field(default_factory=dict[Key, Turn])
    seen: dict[Key, JobState] = field(default_factory=dict[Key, JobState])
    done: set[Key] = field(default_factory=set[Key])
    done_by_others: set[Key] = field(default_factory=set[Key])
    processes: dict[Key, Process] = field(default_factory=dict[Key, Process])
    runs: Counter[Key] = field(default_factory=Counter[Key])
    holders: dict[Key, dict[TokenName, int]] = field(default_factory=dict[Key, dict[TokenName, int]])
    lent: Counter[TokenName] = field(default_factory=Counter[TokenName])
    is_stopped: bool = False

    def __post_init__(self) -> None:
        self.planned = {planned.work.key: planned for planned in self.plan}
        self.reboot()

    def reboot(self) -> None:
        self.driver += 1
        self.machine = Machine()
        for name, capacity in CAPACITIES.items():
            self.machine.declare_pool(name, capacity)
        for memory in (self.submitted, self.mail, self.delivered, self.turns, self.seen):
            memory.clear()
        ours = {key for key, process in self.processes.items() if process.driver != ELSEWHERE}
        # The lock on tokens dies with its holder, and passes to the process it is taken for.
        self.holders = {key: held for key, held in self.holders.items() if key in ours}

    # What may happen

    def possible(self) -> list[Callable[[int], None]]:
        happenings: list[Callable[[int], None]] = []
        if len(self.submitted) < len(self.plan):
            happenings += [self.submit_next] * 2
        if self.mail:
            happenings += [self.deliver, self.deliver, self.deliver, self.deliver_copy]
        if self.processes:
            happenings += [self.end_one, self.end_one]
        if self.delivered:
            happenings.append(self.repeat)
        return [*happenings, self.lend, self.return_lent, self.tick]

    def trouble(self) -> list[Callable[[int], None]]:
        happenings: list[Callable[[int], None]] = [lambda _: self.reboot(), self.start_elsewhere]
        if self.submitted:
            happenings += [self.cancel, self.submit_again]
        return happenings

    def submit_next(self, _: int) -> None:
        self.submit(self.plan[len(self.submitted)].work)

    def submit_again(self, choice: int) -> None:
        work = self.planned[pick(self.submitted, choice)].work
        self.submit(replace(work, transient=pick(list(TransientMode), choice), max_retries=choice % 4))

    def submit(self, work: Work) -> None:
        if work.key not in self.submitted:
            self.submitted.append(work.key)
        self.tell(Submitted(work, self.found(work.key)))

    def found(self, key: Key) -> Found:
        if key in self.done:
            return Found.DONE
        return Found.RUNNING if key in self.processes else Found.ABSENT

    def deliver(self, choice: int) -> None:
        event = self.mail.pop(choice % len(self.mail))
        self.delivered.append(event)
        self.tell(event)

    def deliver_copy(self, choice: int) -> None:
        self.tell(pick(self.mail, choice))

    def repeat(self, choice: int) -> None:
        self.tell(pick(self.delivered, choice))

    def tick(self, _: int) -> None:
        self.tell(TokensMaybeFree())

    def cancel(self, choice: int) -> None:
        self.tell(Cancelled(pick(self.submitted, choice)))

    def lend(self, choice: int) -> None:
        token = pick(list(TOTALS), choice)
        if self.free(token):
            self.lent[token] += 1

    def return_lent(self, choice: int) -> None:
        token = pick(list(TOTALS), choice)
        if self.lent[token]:
            self.lent[token] -= 1
            self.mail.append(TokensMaybeFree())

    def start_elsewhere(self, choice: int) -> None:
        work = pick(self.plan, choice).work
        if work.key not in self.processes.keys() | self.done and self.done.issuperset(work.dependencies):
            self.launch(work.key, driver=ELSEWHERE)

    def end_one(self, choice: int) -> None:
        key = pick(list(self.processes), choice)
        process = self.processes.pop(key)
        if isinstance(process.end, Done):
            self.done.add(key)
            if process.driver == ELSEWHERE:
                self.done_by_others.add(key)
        if process.driver not in (ELSEWHERE, self.driver) and key in self.holders:
            del self.holders[key]
            self.mail.append(TokensMaybeFree())
        if key in self.turns:
            self.mail.append(Ended(key, self.turns.pop(key), process.end))

    # What the machine is told, and wants

    def tell(self, event: Event) -> None:
        for command in self.machine.handle(event):
            self.perform(command)
        assert self.seen == {key: self.machine.state(key) for key in self.submitted}

    def perform(self, command: Command) -> None:
        match command:
            case Acquire():
                self.acquire(command)
            case Release(key):
                assert key not in self.processes or self.processes[key].driver != self.driver
                self.holders.pop(key, None)
            case Start():
                self.start(command)
            case Watch(key, turn):
                self.watch(key, turn)
            case Kill(key):
                if key in self.processes:
                    self.processes[key].end = KILLED
            case Changed():
                self.change(command)
            case _:
                assert_never(command)

    def free(self, token: TokenName) -> int:
        return TOTALS[token] - self.lent[token] - sum(held.get(token, 0) for held in self.holders.values())

    def acquire(self, demand: Acquire) -> None:
        assert not self.is_stopped
        assert demand.key not in self.holders
        missing = [token for token, count in demand.tokens if self.free(token) < count]
        if missing:
            self.mail.append(TokensRefused(demand.key, demand.turn, missing[0]))
        else:
            self.holders[demand.key] = dict(demand.tokens)
            self.mail.append(TokensGranted(demand.key, demand.turn))

    def start(self, command: Start) -> None:
        key, work = command.key, self.planned[command.key].work
        assert not self.is_stopped
        assert self.done.issuperset(work.dependencies)
        assert self.holders.get(key, {}) == dict(work.tokens)
        if key in self.processes:
            assert self.processes[key].driver == ELSEWHERE, "started twice at once"
            self.mail.append(Busy(key, command.turn))
        elif key in self.done:
            assert key in self.done_by_others, "started though it is done"
            self.mail.append(Ended(key, command.turn, DONE))
        elif self.launch(key, driver=self.driver):
            self.turns[key] = command.turn
            self.mail.append(Started(key, command.turn))
            self.check_room(work.pool)
        else:
            self.mail.append(NotStarted(key, command.turn, "no room in the process table"))

    def launch(self, key: Key, *, driver: int) -> bool:
        end = self.planned[key].end(self.runs[key])
        self.runs[key] += 1
        if end is not None:
            self.processes[key] = Process(driver, end)
        return end is not None

    def watch(self, key: Key, turn: Turn) -> None:
        if key in self.processes:
            self.turns[key] = turn
        else:
            self.mail.append(Ended(key, turn, DONE if key in self.done else CRASH))

    def check_room(self, pool: PoolName | None) -> None:
        capacity = None if pool is None else CAPACITIES[pool]
        used = sum(self.planned[key].work.pool == pool for key in self.turns)
        assert capacity is None or used <= capacity

    def change(self, command: Changed) -> None:
        assert command.state in LEGAL[self.seen.get(command.key)]
        assert (command.failure is not None) == (command.state is JobState.ERROR)
        self.seen[command.key] = command.state

    # How it ends

    def live(self, choices: Sequence[int], *, trouble: bool) -> None:
        for choice in choices:
            happenings = self.possible() + (self.trouble() if trouble else [])
            pick(happenings, choice)(choice // len(happenings))

    def settle(self) -> None:
        """Everything that has to come comes, in the order in which it was sent."""
        while len(self.submitted) < len(self.plan):
            self.submit_next(0)
        while self.mail or self.processes or self.lent.total():
            if self.mail:
                self.deliver(0)
            elif self.processes:
                self.check_no_slot_is_idle()
                self.end_one(0)
            else:
                for choice in range(len(TOTALS)):
                    self.return_lent(choice)

    def check_no_slot_is_idle(self) -> None:
        for key, state in self.seen.items():
            work = self.planned[key].work
            if state is JobState.READY and not work.tokens and not self.is_stopped:
                capacity = CAPACITIES[work.pool] if work.pool else None
                assert capacity is not None
                assert sum(self.planned[other].work.pool == work.pool for other in self.turns) >= capacity


T = TypeVar("T")


def pick(values: Sequence[T], choice: int) -> T:
    return values[choice % len(values)]


@st.composite
def plans(draw: st.DrawFn) -> list[Planned]:
    keys = [Key(letter) for letter in "abcdefgh"[: draw(st.integers(1, 8))]]
    return [draw(planned(key, keys[:rank])) for rank, key in enumerate(keys)]


@st.composite
def planned(draw: st.DrawFn, key: Key, earlier: Sequence[Key]) -> Planned:
    work = Work(
        key=key,
        dependencies=tuple(draw(st.lists(st.sampled_from(earlier), max_size=3))) if earlier else (),
        pool=draw(st.sampled_from([None, *CAPACITIES])),
        tokens=tuple(
            (token, draw(st.integers(1, TOTALS[token])))
            for token in draw(st.lists(st.sampled_from(list(TOTALS)), unique=True))
        ),
        transient=draw(st.sampled_from(TransientMode)),
        max_retries=draw(st.integers(0, 2)),
        resumable=draw(st.booleans()),
    )
    last: Outcome | None = draw(st.sampled_from([DONE, DONE, DONE, CRASH, None]))
    former: list[Outcome | None] = draw(st.sampled_from([[], [], [TIMEOUT], [TIMEOUT, TIMEOUT]]))
    return Planned(work, (*former, last))


CHOICES: Final = st.lists(st.integers(0, 2**20), min_size=40, max_size=100)


def succeeding(plan: Sequence[Planned]) -> set[Key]:
    """The works that are done in the end, if they are run."""
    successes: set[Key] = set()
    for each in plan:
        attempts = 1 + (each.work.max_retries if each.work.resumable else 0)
        last = next((end for run in range(attempts) if (end := each.end(run)) != TIMEOUT), TIMEOUT)
        if last == DONE and successes.issuperset(each.work.dependencies):
            successes.add(each.work.key)
    return successes


def needed(plan: Sequence[Planned]) -> set[Key]:
    """The works that some work which is always wanted depends on, and those that are always wanted."""
    found: set[Key] = set()
    for each in reversed(plan):
        if each.work.transient is TransientMode.NONE or each.work.key in found:
            found |= {each.work.key, *each.work.dependencies}
    return found


@settings(max_examples=200, deadline=None, derandomize=True)
@given(plans(), CHOICES)
def test_without_trouble_each_work_ends_as_its_processes_and_dependencies_do(
    plan: list[Planned], choices: list[int]
) -> None:
    world = World(plan)
    world.live(choices, trouble=False)
    world.settle()
    run = {key for key, state in world.seen.items() if state is not JobState.UNSCHEDULED}
    assert {each.work.key for each in plan if each.work.transient is TransientMode.NONE} <= run <= needed(plan)
    assert {key for key, state in world.seen.items() if state is JobState.DONE} == run & succeeding(plan)
    assert {key for key, state in world.seen.items() if state is JobState.ERROR} == run - succeeding(plan)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(plans(), CHOICES)
def test_whatever_happens_all_ends_and_everything_is_given_back(plan: list[Planned], choices: list[int]) -> None:
    world = World(plan)
    world.live(choices, trouble=True)
    world.settle()
    assert world.machine.unfinished == 0
    assert world.machine.is_idle
    assert world.holders == {}
    assert {key for key, state in world.seen.items() if state is JobState.DONE} <= world.done
    assert Counter(world.seen.values()) == Counter(world.machine.counts)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(plans(), CHOICES, CHOICES)
def test_after_a_stop_nothing_starts_and_what_runs_ends(
    plan: list[Planned], before: list[int], after: list[int]
) -> None:
    world = World(plan)
    world.live(before, trouble=True)
    world.tell(StopRequested())
    world.is_stopped = True
    world.live(after, trouble=False)
    world.settle()
    assert world.machine.is_idle
    assert world.holders == {}


@settings(max_examples=100, deadline=None, derandomize=True)
@given(plans(), CHOICES)
def test_the_same_events_give_the_same_commands(plan: list[Planned], choices: list[int]) -> None:
    histories: list[list[Command]] = []
    for _ in range(2):
        world = RecordingWorld(plan)
        world.live(choices, trouble=True)
        histories.append(world.commands)
    assert histories[0] == histories[1]


class RecordingWorld(World):
    def __init__(self, plan: Sequence[Planned]) -> None:
        super().__init__(plan)
        self.commands: list[Command] = []

    def perform(self, command: Command) -> None:
        self.commands.append(command)
        super().perform(command)
