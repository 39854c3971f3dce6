"""What fails is said, and run again; the rest goes on."""

# ruff: noqa: PT012  # leaving the block of an experiment is what raises

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from lab import Deaf, Exiting, Faulty, Hiding, Journal, Killed, Step

from experimaestro import FailedExperiment, experiment, tag
from experimaestro._types import JobFailureStatus, JobState
from experimaestro.scheduler.job import Job
from tests.experiment.conftest import Enter, Eventually


@pytest.fixture
def mended(tmp_path: Path) -> Path:
    return tmp_path / "mended"


def plan(xp: experiment, journal: Journal, mended: Path) -> None:
    """A faulty task, two that need it (one of them indirectly), and one that does not."""
    with xp:
        faulty = Faulty.C(number=tag(1), journal=journal.path, mended=mended).submit()
        child = Step.C(number=2, journal=journal.path, needs=[faulty]).submit()
        Step.C(number=3, journal=journal.path, needs=[child]).submit()
        Step.C(number=4, journal=journal.path).submit()


def job_of(xp: experiment, number: int) -> Job:
    [job] = [job for job in xp.jobs.values() if getattr(job.config, "number", None) == number]
    return job


def test_those_that_need_a_failed_job_do_not_run_and_the_rest_does(
    enter: Enter, journal: Journal, mended: Path
) -> None:
    with pytest.raises(FailedExperiment):
        plan(enter(), journal, mended)
    assert journal.numbers("end") == [4]
    assert sorted(journal.numbers("start")) == [1, 4]


def test_the_error_names_the_job_its_tags_its_log_and_its_last_lines(
    enter: Enter, journal: Journal, mended: Path
) -> None:
    xp = enter()
    with pytest.raises(FailedExperiment) as caught:
        plan(xp, journal, mended)
    head, _, *rest = str(caught.value).splitlines()
    job = job_of(xp, 1)
    assert head == "Experiment 'xp' failed: 1 job failed, 2 jobs not run because of it"
    assert rest[0] == f"lab.faulty/{job.identifier[:8]} (number=1): ValueError: number 1 is broken"
    assert rest[-2] == "    | ValueError: number 1 is broken"
    assert rest[-1] == f"    log: {job.stderr}"


def test_the_reason_of_each_failure_is_known(enter: Enter, journal: Journal, mended: Path) -> None:
    xp = enter()
    with pytest.raises(FailedExperiment):
        plan(xp, journal, mended)
    failures = [job.failure for job in xp.jobs.values()]
    assert [failure and failure.status for failure in failures] == [
        JobFailureStatus.FAILED,
        JobFailureStatus.DEPENDENCY,
        JobFailureStatus.DEPENDENCY,
        None,
    ]
    assert [failure and failure.cause for failure in failures][1:3] == [job_of(xp, 1).key] * 2


def test_the_next_run_redoes_what_failed_and_what_needs_it(enter: Enter, journal: Journal, mended: Path) -> None:
    with pytest.raises(FailedExperiment):
        plan(enter(), journal, mended)
    mended.touch()
    journal.path.unlink()
    plan(enter(), journal, mended)
    assert journal.numbers("end") == [1, 2, 3]


def test_what_failed_can_be_submitted_again_in_the_same_block(enter: Enter, journal: Journal, mended: Path) -> None:
    with enter() as xp:
        Faulty.C(number=1, journal=journal.path, mended=mended).submit()
        with pytest.raises(FailedExperiment):
            xp.wait()
        mended.touch()
        Faulty.C(number=1, journal=journal.path, mended=mended).submit()
    assert journal.numbers("end") == [1]
    assert job_of(xp, 1).state is JobState.DONE


def test_a_task_submitted_after_the_failure_of_what_it_needs_is_not_run(
    enter: Enter, journal: Journal, mended: Path
) -> None:
    with pytest.raises(FailedExperiment, match="1 job not run"), enter() as xp:
        faulty = Faulty.C(number=1, journal=journal.path, mended=mended).submit()
        job_of(xp, 1).wait()
        Step.C(number=2, journal=journal.path, needs=[faulty]).submit()
    assert journal.numbers("start") == [1]


def test_a_killed_job_is_said_to_be_killed(enter: Enter, journal: Journal, mended: Path) -> None:
    with pytest.raises(FailedExperiment, match=r"killed by SIGKILL \(by someone"), enter():
        Killed.C(number=1, journal=journal.path, mended=mended).submit()
    mended.touch()
    with enter():
        Killed.C(number=1, journal=journal.path, mended=mended).submit()
    assert journal.numbers("start") == [1, 1]
    assert journal.numbers("end") == [1]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_job_asked_to_end_before_it_listens_is_cancelled(
    enter: Enter, journal: Journal, mended: Path, number: signal.Signals
) -> None:
    xp = enter()
    with pytest.raises(FailedExperiment, match=f"cancelled by {number.name}"), xp:
        Deaf.C(number=1, journal=journal.path, mended=mended, signal=number.value).submit()
    failure = job_of(xp, 1).failure
    assert failure is not None
    assert failure.status is JobFailureStatus.CANCELLED


@pytest.mark.parametrize(("code", "message"), [("3", r"sys\.exit\(3\)"), ("'out of luck'", "out of luck")])
def test_leaving_a_task_with_a_code_is_a_failure(enter: Enter, code: str, message: str) -> None:
    with pytest.raises(FailedExperiment, match=message), enter():
        Exiting.C(code=code).submit()


@pytest.mark.parametrize("code", ["0", "None"])
def test_leaving_a_task_without_code_is_success(enter: Enter, code: str) -> None:
    with enter() as xp:
        Exiting.C(code=code).submit()
    assert [job.state for job in xp.jobs.values()] == [JobState.DONE]


def test_a_job_that_cannot_be_written_fails_with_its_reason(enter: Enter, workspace: Path, journal: Journal) -> None:
    """Release 2.7 waited for ever."""
    (workspace / "jobs").mkdir(parents=True)
    (workspace / "jobs" / "lab.step").write_text("a file stands here")
    message = r"1 job failed, 1 job not run because of it(.|\n)*lab\.step"
    with pytest.raises(FailedExperiment, match=message), enter():
        step = Step.C(number=1, journal=journal.path).submit()
        Step.C(number=2, journal=journal.path, needs=[step]).submit()


def test_many_failures_are_counted_and_some_are_shown(enter: Enter, journal: Journal, mended: Path) -> None:
    with pytest.raises(FailedExperiment, match=r"12 jobs failed\n(.|\n)*and 2 more failed jobs$"), enter():
        for number in range(12):
            Faulty.C(number=number, journal=journal.path, mended=mended).submit()


@pytest.mark.parametrize("task", [Step, Hiding])
def test_a_job_asked_to_end_is_cancelled_even_if_it_hides_it(
    enter: Enter,
    eventually: Eventually,
    terminate: Callable[[Job], None],
    journal: Journal,
    task: type[Step],
) -> None:
    xp = enter()
    with pytest.raises(FailedExperiment, match="cancelled by SIGTERM"), xp:
        task.C(number=1, journal=journal.path, gate=journal.path.with_name("never")).submit()
        eventually(lambda: journal.numbers("start"))
        terminate(job_of(xp, 1))
    failure = job_of(xp, 1).failure
    assert failure is not None
    assert failure.status is JobFailureStatus.CANCELLED
    assert journal.numbers("cancelled") == ([1] if task is Hiding else [])
