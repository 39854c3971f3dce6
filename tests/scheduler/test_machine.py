"""The rules of the scheduler, one by one."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from experimaestro._types import JobFailureStatus, JobState, TransientMode
from experimaestro.scheduler.machine import (
    Machine,
    UnknownDependencyError,
    UnknownPoolError,
    UnknownTokenError,
    UnknownWorkError,
)
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
from experimaestro.scheduler.queues import PoolDeclarationError

TRANSIENT = TransientMode.TRANSIENT
DONE = Done()
CRASH = Failure(JobFailureStatus.FAILED, "exit code 1")
TIMEOUT = Failure(JobFailureStatus.TIMEOUT, "out of time")


class Driver:
    """A machine, and answers that name the turn of the command they answer."""

    def __init__(self, **pools: int | None) -> None:
        self.machine = Machine()
        self.turns: dict[str, Turn] = {}
        for name, capacity in pools.items():
            self.machine.declare_pool(PoolName(name), capacity)

    def tell(self, event: Event) -> list[Command]:
        commands = self.machine.handle(event)
        self.turns |= {c.key: c.turn for c in commands if isinstance(c, (Acquire, Start, Watch))}
        return commands

    def submit(
        self,
        key: str,
        *dependencies: str,
        found: Found = Found.ABSENT,
        pool: str | None = None,
        transient: TransientMode = TransientMode.NONE,
        retries: int | None = None,
        **tokens: int,
    ) -> list[Command]:
        work = Work(
            key=Key(key),
            dependencies=tuple(Key(dependency) for dependency in dependencies),
            pool=None if pool is None else PoolName(pool),
            tokens=tuple((TokenName(name), count) for name, count in tokens.items()),
            transient=transient,
            max_retries=retries or 0,
            resumable=retries is not None,
        )
        return self.tell(Submitted(work, found))

    def started(self, key: str) -> list[Command]:
        return self.tell(Started(Key(key), self.turns[key]))

    def ended(self, key: str, outcome: Outcome = DONE) -> list[Command]:
        return self.tell(Ended(Key(key), self.turns[key], outcome))

    def granted(self, key: str) -> list[Command]:
        return self.tell(TokensGranted(Key(key), self.turns[key]))

    def refused(self, key: str, missing: str) -> list[Command]:
        return self.tell(TokensRefused(Key(key), self.turns[key], TokenName(missing)))

    def cancel(self, key: str) -> list[Command]:
        return self.tell(Cancelled(Key(key)))

    def state(self, key: str) -> JobState:
        return self.machine.state(Key(key))

    def failure(self, key: str) -> Failure | None:
        return self.machine.failure(Key(key))


def started_keys(commands: Sequence[Command]) -> list[str]:
    return [command.key for command in commands if isinstance(command, Start)]


def asking_keys(commands: Sequence[Command]) -> list[str]:
    return [command.key for command in commands if isinstance(command, Acquire)]


def states(commands: Sequence[Command]) -> list[tuple[str, str]]:
    return [(command.key, command.state.name) for command in commands if isinstance(command, Changed)]


# From submission to end


def test_a_work_without_needs_starts_at_once() -> None:
    assert Driver().submit("a") == [
        Changed(Key("a"), JobState.READY),
        Changed(Key("a"), JobState.SCHEDULED),
        Start(Key("a"), Turn(1)),
    ]


def test_a_work_goes_through_scheduled_and_running_to_done() -> None:
    driver = Driver()
    driver.submit("a")
    assert driver.started("a") == [Changed(Key("a"), JobState.RUNNING)]
    assert driver.ended("a") == [Changed(Key("a"), JobState.DONE)]


def test_a_work_that_ends_before_it_is_known_to_run_is_done() -> None:
    driver = Driver()
    driver.submit("a")
    assert states(driver.ended("a")) == [("a", "done")]
    assert driver.started("a") == []


def test_a_work_found_done_does_not_run() -> None:
    assert Driver().submit("a", found=Found.DONE) == [Changed(Key("a"), JobState.DONE)]


def test_a_work_found_running_is_watched() -> None:
    assert Driver().submit("a", found=Found.RUNNING) == [
        Watch(Key("a"), Turn(1)),
        Changed(Key("a"), JobState.RUNNING),
    ]


def test_a_failure_is_kept() -> None:
    driver = Driver()
    driver.submit("a")
    assert driver.ended("a", CRASH) == [Changed(Key("a"), JobState.ERROR, CRASH)]
    assert driver.failure("a") == CRASH


def test_a_work_that_cannot_be_launched_is_in_error() -> None:
    driver = Driver()
    driver.submit("a")
    driver.tell(NotStarted(Key("a"), driver.turns["a"], "sbatch: no such partition"))
    assert driver.failure("a") == Failure(JobFailureStatus.FAILED, "sbatch: no such partition")


def test_a_work_that_somebody_else_runs_is_watched_without_its_tokens() -> None:
    driver = Driver(cpu=1)
    driver.submit("a", pool="cpu", gpu=1)
    driver.granted("a")
    assert driver.tell(Busy(Key("a"), Turn(1))) == [
        Release(Key("a"), Turn(1)),
        Watch(Key("a"), Turn(1)),
        Changed(Key("a"), JobState.RUNNING),
    ]
    assert driver.ended("a") == [Changed(Key("a"), JobState.DONE)]


# Dependencies


def test_a_work_waits_for_all_its_dependencies() -> None:
    driver = Driver()
    driver.submit("a")
    driver.submit("b")
    assert states(driver.submit("c", "a", "b")) == [("c", "waiting")]
    assert started_keys(driver.ended("a")) == []
    assert started_keys(driver.ended("b")) == ["c"]


def test_a_dependency_found_done_is_not_waited_for() -> None:
    driver = Driver()
    driver.submit("a", found=Found.DONE)
    assert started_keys(driver.submit("b", "a")) == ["b"]


def test_a_dependency_named_twice_counts_once() -> None:
    driver = Driver()
    driver.submit("a")
    driver.submit("b", "a", "a")
    assert started_keys(driver.ended("a")) == ["b"]


def test_a_failure_reaches_all_that_depend_on_it_and_names_its_origin() -> None:
    driver = Driver()
    driver.submit("a")
    driver.submit("b", "a")
    driver.submit("c", "a", "b")
    assert states(driver.ended("a", CRASH)) == [("a", "error"), ("b", "error"), ("c", "error")]
    expected = Failure(JobFailureStatus.DEPENDENCY, "dependency 'a' failed (failed)", Key("a"))
    assert driver.failure("b") == driver.failure("c") == expected


def test_a_failure_leaves_the_rest_alone() -> None:
    driver = Driver()
    driver.submit("a")
    driver.submit("b")
    driver.submit("c", "b")
    driver.ended("a", CRASH)
    assert started_keys(driver.ended("b")) == ["c"]


def test_a_work_submitted_after_its_dependency_failed_is_in_error_at_once() -> None:
    driver = Driver()
    driver.submit("a")
    driver.submit("b", "a")
    driver.ended("a", CRASH)
    assert states(driver.submit("c", "b")) == [("c", "error")]
    assert driver.failure("c") == driver.failure("b")


def test_a_work_found_done_or_running_does_not_care_for_failed_dependencies() -> None:
    driver = Driver()
    driver.submit("a")
    driver.ended("a", CRASH)
    assert states(driver.submit("b", "a", found=Found.DONE)) == [("b", "done")]
    assert states(driver.submit("c", "a", found=Found.RUNNING)) == [("c", "running")]


# Pools


def test_no_more_works_start_than_the_pool_has_slots() -> None:
    driver = Driver(cpu=2)
    starts = [started_keys(driver.submit(key, pool="cpu")) for key in "abcd"]
    assert starts == [["a"], ["b"], [], []]
    assert driver.state("c") is JobState.READY


def test_a_freed_slot_goes_to_the_first_submitted() -> None:
    driver = Driver(cpu=1)
    driver.submit("a", pool="cpu")
    driver.submit("b")
    driver.submit("c", "b", pool="cpu")
    driver.submit("d", pool="cpu")
    driver.ended("b")
    assert started_keys(driver.ended("a")) == ["c"]


@pytest.mark.parametrize("outcome", [DONE, CRASH])
def test_a_slot_is_freed_however_the_work_ends(outcome: Outcome) -> None:
    driver = Driver(cpu=1)
    driver.submit("a", pool="cpu")
    driver.submit("b", pool="cpu")
    assert started_keys(driver.ended("a", outcome)) == ["b"]


def test_works_found_running_take_slots_even_beyond_the_capacity() -> None:
    driver = Driver(cpu=1)
    driver.submit("a", pool="cpu", found=Found.RUNNING)
    driver.submit("b", pool="cpu", found=Found.RUNNING)
    driver.submit("c", pool="cpu")
    assert started_keys(driver.ended("a")) == []
    assert started_keys(driver.ended("b")) == ["c"]


def test_a_work_that_lost_its_room_while_it_asked_for_tokens_does_not_start() -> None:
    driver = Driver(cpu=1)
    driver.submit("a", pool="cpu", gpu=1)
    driver.submit("b", pool="cpu", found=Found.RUNNING)
    assert driver.granted("a") == [Release(Key("a"), Turn(1))]
    assert asking_keys(driver.ended("b")) == ["a"]


def test_pools_do_not_wait_for_each_other() -> None:
    driver = Driver(cpu=1, slurm=None)
    driver.submit("a", pool="cpu")
    driver.submit("b", pool="cpu")
    assert started_keys(driver.submit("c", pool="slurm")) == ["c"]


def test_works_made_ready_together_start_in_submission_order_across_pools() -> None:
    driver = Driver(x=2, y=2)
    driver.submit("root")
    for key, pool in zip("abcd", "yxxy", strict=True):
        driver.submit(key, "root", pool=pool)
    assert started_keys(driver.ended("root")) == ["a", "b", "c", "d"]


# Tokens


def test_tokens_are_asked_for_once_there_is_a_slot() -> None:
    driver = Driver(cpu=1)
    driver.submit("a", pool="cpu")
    assert asking_keys(driver.submit("b", pool="cpu", gpu=2)) == []
    assert driver.ended("a")[1:] == [Acquire(Key("b"), Turn(1), ((TokenName("gpu"), 2),))]
    assert driver.state("b") is JobState.READY
    assert started_keys(driver.granted("b")) == ["b"]


@pytest.mark.parametrize("outcome", [DONE, CRASH])
def test_tokens_are_released_when_the_work_ends(outcome: Outcome) -> None:
    driver = Driver()
    driver.submit("a", gpu=1)
    driver.granted("a")
    assert driver.ended("a", outcome)[0] == Release(Key("a"), Turn(1))


def test_a_refused_work_gives_its_slot_to_the_next() -> None:
    driver = Driver(cpu=1)
    driver.submit("a", pool="cpu", gpu=1)
    driver.submit("b", pool="cpu")
    assert started_keys(driver.refused("a", "gpu")) == ["b"]


def test_a_refused_work_asks_again_when_tokens_may_be_free() -> None:
    driver = Driver()
    driver.submit("a", gpu=1)
    assert driver.refused("a", "gpu") == []
    assert asking_keys(driver.tell(TokensMaybeFree())) == ["a"]


def test_a_refused_work_asks_again_when_one_of_ours_releases_what_it_lacks() -> None:
    driver = Driver()
    driver.submit("a", gpu=1, disk=1)
    driver.granted("a")
    driver.submit("b", gpu=1)
    driver.refused("b", "gpu")
    assert asking_keys(driver.ended("a")) == ["b"]


def test_a_refused_work_has_nothing_to_release() -> None:
    driver = Driver()
    driver.submit("a", gpu=1)
    driver.refused("a", "gpu")
    driver.cancel("a")
    driver.submit("a", gpu=1, found=Found.RUNNING)
    assert driver.ended("a") == [Changed(Key("a"), JobState.DONE)]


def test_a_token_released_while_the_refusal_was_under_way_is_not_missed() -> None:
    driver = Driver()
    driver.submit("a", gpu=1)
    driver.tell(TokensMaybeFree())
    assert asking_keys(driver.refused("a", "gpu")) == ["a"]


def test_a_work_that_asks_again_and_again_delays_nobody() -> None:
    driver = Driver(cpu=1)
    driver.submit("a", pool="cpu", gpu=1)
    driver.submit("b", pool="cpu")
    driver.tell(TokensMaybeFree())
    commands = driver.refused("a", "gpu")
    assert (started_keys(commands), asking_keys(commands)) == (["b"], [])


def test_works_that_need_the_same_token_ask_one_after_the_other() -> None:
    driver = Driver()
    asked = [asking_keys(driver.submit(key, gpu=1)) for key in "abc"]
    assert asked == [["a"], [], []]
    assert asking_keys(driver.granted("a")) == ["b"]
    assert asking_keys(driver.refused("b", "gpu")) == []


def test_a_large_demand_is_not_overtaken_by_small_ones_for_the_same_token() -> None:
    driver = Driver()
    driver.submit("large", gpu=4)
    driver.refused("large", "gpu")
    assert asking_keys(driver.submit("small", gpu=1)) == []
    assert asking_keys(driver.tell(TokensMaybeFree())) == ["large"]
    assert asking_keys(driver.granted("large")) == ["small"]


def test_a_work_that_lacks_one_token_delays_none_that_needs_another() -> None:
    driver = Driver()
    driver.submit("a", gpu=1, disk=1)
    driver.refused("a", "disk")
    assert asking_keys(driver.submit("b", gpu=1)) == ["b"]
    assert started_keys(driver.submit("c")) == ["c"]
    assert asking_keys(driver.submit("d", gpu=1, disk=1)) == []


def test_a_work_moves_to_the_line_of_the_token_it_lacks() -> None:
    driver = Driver()
    driver.submit("a", gpu=1, disk=1)
    driver.submit("b", gpu=1)
    assert asking_keys(driver.refused("a", "disk")) == ["b"]
    driver.granted("b")
    assert asking_keys(driver.ended("b")) == []
    assert asking_keys(driver.tell(TokensMaybeFree())) == ["a"]


def test_the_end_of_a_watched_work_may_free_its_tokens() -> None:
    driver = Driver()
    driver.submit("a", gpu=1, found=Found.RUNNING)
    driver.submit("b", gpu=1)
    driver.refused("b", "gpu")
    assert asking_keys(driver.ended("a")) == ["b"]


def test_a_work_ready_before_those_in_line_goes_first() -> None:
    driver = Driver()
    driver.submit("root")
    driver.submit("early", "root", gpu=1)
    driver.submit("asking", gpu=1)
    driver.submit("late", gpu=1)
    driver.ended("root")
    assert asking_keys(driver.granted("asking")) == ["early"]


# Cancellation


@pytest.mark.parametrize("is_known_to_run", [False, True])
def test_cancelling_what_runs_kills_it_and_its_end_is_a_cancellation(is_known_to_run: bool) -> None:
    driver = Driver()
    driver.submit("a", retries=3)
    if is_known_to_run:
        driver.started("a")
    assert driver.cancel("a") == [Kill(Key("a"), Turn(1))]
    driver.ended("a", TIMEOUT)
    assert driver.failure("a") == Failure(JobFailureStatus.CANCELLED, "out of time")


def test_a_work_cancelled_before_it_is_known_to_run_is_killed_again() -> None:
    driver = Driver()
    driver.submit("a")
    driver.cancel("a")
    assert driver.started("a") == [Changed(Key("a"), JobState.RUNNING), Kill(Key("a"), Turn(1))]


def test_a_work_that_succeeds_despite_its_cancellation_is_done() -> None:
    driver = Driver()
    driver.submit("a")
    driver.cancel("a")
    assert states(driver.ended("a")) == [("a", "done")]


def test_cancelling_what_waits_fails_it_and_its_dependents() -> None:
    driver = Driver()
    driver.submit("a")
    driver.submit("b", "a")
    driver.submit("c", "b")
    assert states(driver.cancel("b")) == [("b", "error"), ("c", "error")]
    assert driver.failure("b") == Failure(JobFailureStatus.CANCELLED, "cancelled before it started")
    assert driver.failure("c") == Failure(JobFailureStatus.DEPENDENCY, "dependency 'b' failed (cancelled)", Key("b"))
    assert states(driver.ended("a")) == [("a", "done")]


def test_a_ready_work_that_is_cancelled_leaves_its_line() -> None:
    driver = Driver(cpu=1)
    for key in "abc":
        driver.submit(key, pool="cpu")
    driver.cancel("b")
    assert started_keys(driver.ended("a")) == ["c"]


def test_a_work_cancelled_while_it_asks_for_tokens_gives_all_back() -> None:
    driver = Driver(cpu=1)
    driver.submit("a", pool="cpu", gpu=1)
    driver.submit("b", pool="cpu", gpu=1)
    commands = driver.cancel("a")
    assert commands[0] == Release(Key("a"), Turn(1))
    assert asking_keys(commands) == ["b"]
    assert driver.granted("a") == []


@pytest.mark.parametrize("found", [Found.DONE, Found.ABSENT])
def test_cancelling_what_is_done_or_skipped_changes_nothing(found: Found) -> None:
    driver = Driver()
    driver.submit("a", found=found, transient=TRANSIENT)
    assert driver.cancel("a") == []


# Retries


@pytest.mark.parametrize(("retries", "attempts"), [(0, 1), (1, 2), (3, 4)])
def test_a_resumable_work_out_of_time_is_started_once_more_than_its_retries(retries: int, attempts: int) -> None:
    driver = Driver()
    driver.submit("a", retries=retries)
    while driver.state("a") is not JobState.ERROR:
        driver.ended("a", TIMEOUT)
    assert driver.machine.attempts(Key("a")) == attempts
    assert driver.failure("a") == TIMEOUT


def test_a_retry_passes_through_ready_and_takes_a_new_turn() -> None:
    driver = Driver()
    driver.submit("a", retries=1)
    commands = driver.ended("a", TIMEOUT)
    assert states(commands) == [("a", "ready"), ("a", "scheduled")]
    assert commands[-1] == Start(Key("a"), Turn(2))


def test_an_ordinary_failure_is_not_retried() -> None:
    driver = Driver()
    driver.submit("a", retries=5)
    assert states(driver.ended("a", CRASH)) == [("a", "error")]


def test_a_work_that_is_not_resumable_is_not_retried() -> None:
    driver = Driver()
    driver.submit("a")
    assert states(driver.ended("a", TIMEOUT)) == [("a", "error")]


def test_a_found_run_counts_as_an_attempt() -> None:
    driver = Driver()
    driver.submit("a", retries=1, found=Found.RUNNING)
    assert started_keys(driver.ended("a", TIMEOUT)) == ["a"]
    assert states(driver.ended("a", TIMEOUT)) == [("a", "error")]


def test_a_found_run_that_is_retried_waits_for_what_it_needs() -> None:
    driver = Driver()
    driver.submit("t", transient=TRANSIENT)
    driver.submit("a", "t", retries=1, found=Found.RUNNING)
    assert states(driver.ended("a", TIMEOUT))[:2] == [("t", "ready"), ("a", "waiting")]
    assert started_keys(driver.ended("t")) == ["a"]


def test_a_retry_queues_again_for_its_slot() -> None:
    driver = Driver(cpu=1)
    driver.submit("first", pool="cpu", found=Found.DONE)
    driver.submit("a", pool="cpu")
    driver.submit("b", pool="cpu", retries=1)
    driver.ended("a")
    driver.submit("c", pool="cpu")
    assert started_keys(driver.ended("b", TIMEOUT)) == ["b"]


# Transient works


def test_a_transient_work_that_nobody_needs_is_skipped() -> None:
    driver = Driver()
    assert states(driver.submit("t", transient=TRANSIENT)) == [("t", "unscheduled")]
    assert driver.machine.is_idle


def test_a_work_that_must_run_starts_the_transient_ones_below_it() -> None:
    driver = Driver()
    driver.submit("t1", transient=TRANSIENT)
    driver.submit("t2", "t1", transient=TransientMode.REMOVE)
    driver.submit("other", transient=TRANSIENT)
    commands = driver.submit("a", "t2")
    assert states(commands) == [("t1", "ready"), ("t2", "waiting"), ("a", "waiting"), ("t1", "scheduled")]
    assert driver.state("other") is JobState.UNSCHEDULED


def test_a_skipped_work_is_started_below_a_transient_one_that_is_done_only_if_needed() -> None:
    driver = Driver()
    driver.submit("t1", transient=TRANSIENT)
    driver.submit("t2", "t1", transient=TRANSIENT, found=Found.DONE)
    assert started_keys(driver.submit("a", "t2")) == ["a"]
    assert driver.state("t1") is JobState.UNSCHEDULED


@pytest.mark.parametrize("found", [Found.DONE, Found.RUNNING])
def test_a_work_that_need_not_start_wakes_no_transient_one(found: Found) -> None:
    driver = Driver()
    driver.submit("t", transient=TRANSIENT)
    driver.submit("a", "t", found=found)
    assert driver.state("t") is JobState.UNSCHEDULED


def test_a_transient_work_found_done_is_done() -> None:
    assert states(Driver().submit("t", transient=TRANSIENT, found=Found.DONE)) == [("t", "done")]


def test_a_work_that_cannot_run_starts_no_transient_one() -> None:
    driver = Driver()
    driver.submit("failed")
    driver.submit("bad", "failed", transient=TRANSIENT)
    driver.submit("good", transient=TRANSIENT)
    driver.ended("failed", CRASH)
    assert states(driver.submit("a", "good", "bad")) == [("bad", "error"), ("a", "error")]
    assert driver.state("good") is JobState.UNSCHEDULED


def test_the_failure_of_a_dependency_does_not_concern_a_skipped_work() -> None:
    driver = Driver()
    driver.submit("a")
    driver.submit("t", "a", transient=TRANSIENT)
    assert states(driver.ended("a", CRASH)) == [("a", "error")]


# Submitted again


def test_a_work_submitted_again_is_not_started_again() -> None:
    driver = Driver()
    driver.submit("a")
    assert driver.submit("a") == []
    driver.ended("a")
    assert driver.submit("a") == []
    assert driver.state("a") is JobState.DONE


def test_a_skipped_work_that_is_wanted_after_all_starts() -> None:
    driver = Driver()
    driver.submit("t1", transient=TRANSIENT)
    driver.submit("t2", "t1", transient=TRANSIENT)
    assert started_keys(driver.submit("t2", "t1")) == ["t1"]
    assert started_keys(driver.ended("t1")) == ["t2"]


@pytest.mark.parametrize(
    ("first", "again", "merged"),
    [
        (TransientMode.NONE, TransientMode.REMOVE, TransientMode.NONE),
        (TransientMode.REMOVE, TransientMode.TRANSIENT, TransientMode.TRANSIENT),
    ],
)
def test_the_lower_transient_mode_wins(first: TransientMode, again: TransientMode, merged: TransientMode) -> None:
    driver = Driver()
    driver.submit("a", transient=first)
    driver.submit("a", transient=again)
    assert driver.machine.work(Key("a")).transient is merged


@pytest.mark.parametrize(("first", "again"), [(0, 2), (2, 0)])
def test_the_higher_number_of_retries_wins(first: int, again: int) -> None:
    driver = Driver()
    driver.submit("a", retries=first)
    driver.submit("a", retries=again)
    assert driver.machine.work(Key("a")).max_retries == 2


def test_a_work_in_error_submitted_again_starts_a_new_life() -> None:
    driver = Driver(cpu=1)
    driver.submit("a", retries=1)
    driver.ended("a", CRASH)
    commands = driver.submit("a", retries=1, pool="cpu")
    assert states(commands) == [("a", "ready"), ("a", "scheduled")]
    assert driver.failure("a") is None
    assert driver.machine.attempts(Key("a")) == 1


def test_a_cancelled_work_submitted_again_is_not_cancelled() -> None:
    driver = Driver()
    driver.submit("a")
    driver.cancel("a")
    driver.ended("a", CRASH)
    driver.submit("a")
    driver.ended("a", CRASH)
    assert driver.failure("a") == CRASH


def test_dependents_of_a_work_in_error_stay_so_until_they_are_submitted_again() -> None:
    driver = Driver()
    driver.submit("a")
    driver.submit("b", "a")
    driver.ended("a", CRASH)
    driver.submit("a")
    assert driver.state("b") is JobState.ERROR
    driver.submit("b", "a")
    assert started_keys(driver.ended("a")) == ["b"]


def test_a_dependent_submitted_again_alone_fails_again_and_says_so() -> None:
    driver = Driver()
    driver.submit("a")
    driver.submit("b", "a")
    driver.ended("a", CRASH)
    assert states(driver.submit("b", "a")) == [("b", "error")]


def test_a_new_life_still_waits_for_a_dependency_it_left() -> None:
    driver = Driver()
    driver.submit("slow")
    driver.submit("other")
    driver.submit("a", "slow", "other")
    driver.cancel("a")
    driver.submit("a", "slow", "other")
    driver.ended("slow")
    assert started_keys(driver.ended("other")) == ["a"]


def test_a_transient_work_in_error_submitted_again_waits_to_be_needed() -> None:
    driver = Driver()
    driver.submit("t", transient=TRANSIENT)
    driver.submit("a", "t")
    driver.ended("t", CRASH)
    assert states(driver.submit("t", transient=TRANSIENT)) == [("t", "unscheduled")]
    assert started_keys(driver.submit("a", "t")) == ["t"]


def test_new_dependencies_of_a_known_work_are_ignored_so_that_no_cycle_appears() -> None:
    driver = Driver()
    driver.submit("a", transient=TRANSIENT)
    driver.submit("b", "a", transient=TRANSIENT)
    assert started_keys(driver.submit("a", "b")) == ["a"]


# Stop


def test_after_a_stop_nothing_starts_and_what_runs_goes_on() -> None:
    driver = Driver(cpu=1)
    driver.submit("a", pool="cpu")
    driver.submit("b", pool="cpu")
    driver.tell(StopRequested())
    assert states(driver.ended("a")) == [("a", "done")]
    assert driver.state("b") is JobState.READY


def test_after_a_stop_the_machine_is_idle_once_nothing_runs() -> None:
    driver = Driver(cpu=1)
    driver.submit("a", pool="cpu")
    driver.submit("b", pool="cpu")
    driver.tell(StopRequested())
    was_idle = driver.machine.is_idle
    driver.ended("a")
    assert (was_idle, driver.machine.is_idle, driver.machine.unfinished) == (False, True, 1)


def test_after_a_stop_granted_tokens_are_given_back() -> None:
    driver = Driver()
    driver.submit("a", gpu=1)
    driver.tell(StopRequested())
    assert not driver.machine.is_idle
    assert driver.granted("a") == [Release(Key("a"), Turn(1))]
    assert driver.state("a") is JobState.READY


def test_after_a_stop_a_retry_stays_ready() -> None:
    driver = Driver()
    driver.submit("a", retries=1)
    driver.tell(StopRequested())
    assert states(driver.ended("a", TIMEOUT)) == [("a", "ready")]


# Late and repeated events


def test_an_answer_of_a_former_turn_is_dropped() -> None:
    driver = Driver()
    driver.submit("a", retries=1)
    first = driver.turns["a"]
    driver.ended("a", TIMEOUT)
    assert driver.tell(Ended(Key("a"), first, CRASH)) == []
    assert driver.state("a") is JobState.SCHEDULED


def test_a_late_grant_of_a_former_demand_is_dropped() -> None:
    driver = Driver()
    driver.submit("a", gpu=1)
    first = driver.turns["a"]
    driver.refused("a", "gpu")
    driver.tell(TokensMaybeFree())
    assert driver.tell(TokensGranted(Key("a"), first)) == []


@pytest.mark.parametrize(
    "answer",
    [
        Started(Key("a"), Turn(1)),
        NotStarted(Key("a"), Turn(1), "no"),
        Busy(Key("a"), Turn(1)),
        Ended(Key("a"), Turn(1), Done()),
        TokensGranted(Key("a"), Turn(1)),
        TokensRefused(Key("a"), Turn(1), TokenName("gpu")),
    ],
    ids=lambda answer: type(answer).__name__,
)
def test_a_finished_work_is_moved_by_no_answer(answer: Event) -> None:
    driver = Driver()
    driver.submit("a")
    driver.ended("a", CRASH)
    assert driver.tell(answer) == []


# Mistakes


@pytest.mark.parametrize(
    "event",
    [
        Started(Key("x"), Turn(1)),
        NotStarted(Key("x"), Turn(1), "no"),
        Busy(Key("x"), Turn(1)),
        Ended(Key("x"), Turn(1), Done()),
        TokensGranted(Key("x"), Turn(1)),
        TokensRefused(Key("x"), Turn(1), TokenName("gpu")),
        Cancelled(Key("x")),
    ],
    ids=lambda event: type(event).__name__,
)
def test_an_unknown_work_is_an_error(event: Event) -> None:
    with pytest.raises(UnknownWorkError, match="no work 'x' was submitted"):
        Machine().handle(event)


def test_a_dependency_must_be_submitted_before() -> None:
    driver = Driver()
    with pytest.raises(UnknownDependencyError, match="'b' depends on 'a', which was not submitted before it"):
        driver.submit("b", "a")
    assert driver.machine.unfinished == 0


def test_a_work_cannot_depend_on_itself() -> None:
    with pytest.raises(UnknownDependencyError):
        Driver().submit("a", "a")


def test_a_pool_must_be_declared() -> None:
    with pytest.raises(UnknownPoolError, match=r"pool 'slurn' \(declared: cpu, slurm\); did you mean 'slurm'\?"):
        Driver(cpu=1, slurm=None).submit("a", pool="slurn")


def test_a_refusal_must_name_a_token_of_the_work() -> None:
    driver = Driver()
    driver.submit("a", gpu=1)
    with pytest.raises(UnknownTokenError, match="'a' is refused the token 'disk', it asked for gpu"):
        driver.refused("a", "disk")


@pytest.mark.parametrize(("capacity", "message"), [(0, "capacity of 0: at least 1"), (3, "of 2, it can't become 3")])
def test_a_pool_keeps_a_sensible_capacity(capacity: int, message: str) -> None:
    machine = Machine()
    machine.declare_pool(PoolName("cpu"), 2)
    machine.declare_pool(PoolName("cpu"), 2)
    with pytest.raises(PoolDeclarationError, match=message):
        machine.declare_pool(PoolName("cpu"), capacity)


# Queries


def test_counts_say_how_many_works_are_in_each_state() -> None:
    driver = Driver(cpu=1)
    driver.submit("skipped", transient=TRANSIENT)
    driver.submit("running", pool="cpu", found=Found.RUNNING)
    driver.submit("ready", pool="cpu")
    driver.submit("asking", gpu=1)
    driver.submit("scheduled")
    driver.submit("waiting", "ready")
    driver.submit("done", found=Found.DONE)
    driver.submit("failed")
    driver.ended("failed", CRASH)
    assert {state.name: count for state, count in driver.machine.counts.items()} == {
        "unscheduled": 1,
        "waiting": 1,
        "ready": 2,
        "scheduled": 1,
        "running": 1,
        "done": 1,
        "error": 1,
    }
    assert driver.machine.unfinished == 5
