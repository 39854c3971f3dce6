"""The records of one job."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experimaestro._types import JobFailureStatus, JobId, JobState, TaskId
from experimaestro.workspace import records
from experimaestro.workspace.events import Level
from experimaestro.workspace.layout import JobDirectory
from experimaestro.workspace.records import Failure, JobStatus, LocalTime

FAILED = JobFailureStatus.FAILED


def test_job_without_marker_has_not_ended(job: JobDirectory) -> None:
    assert records.job_outcome(job) is None


def test_done_wins_over_failed(job: JobDirectory) -> None:
    records.write_failure(job, Failure(FAILED, 1))
    records.write_done(job)
    assert records.job_outcome(job) is JobState.DONE


@pytest.mark.parametrize(
    ("content", "outcome"),
    [
        ('{"code": 1, "reason": "failed"}', Failure(FAILED, 1)),
        ('{"code": 15, "reason": "cancelled", "message": "m"}', Failure(JobFailureStatus.CANCELLED, 15, "m")),
        ('{"code": 1, "failure_status": "TIMEOUT"}', Failure(JobFailureStatus.TIMEOUT, 1)),
        ('{"failure_status": "MEMORY", "reason": "failed"}', Failure(JobFailureStatus.MEMORY, 1)),
        ('{"code": 2, "reason": "of another release"}', Failure(FAILED, 2)),
        ("{}", Failure(FAILED, 1)),
        ("3\n", Failure(FAILED, 3)),
        ("0", JobState.DONE),
    ],
)
def test_every_form_of_failure_is_read(job: JobDirectory, content: str, outcome: records.Outcome) -> None:
    job.failed.write_text(content)
    assert records.job_outcome(job) == outcome


@pytest.mark.parametrize("content", ["", '{"code": 1, "rea', "[1]", "oops"])
def test_failure_that_cannot_be_understood_is_one_and_says_so(job: JobDirectory, content: str) -> None:
    job.failed.write_text(content)
    assert records.job_outcome(job) == Failure(
        FAILED, 1, f"{job.failed}: neither an object nor an exit code: {content.encode()!r}"
    )


@given(st.binary())
def test_no_content_breaks_the_reading_of_a_failure(content: bytes) -> None:
    outcome = records.parse_failure(content, origin=Path("a.failed"))
    assert outcome is JobState.DONE or isinstance(outcome, Failure)


@given(st.sampled_from(JobFailureStatus), st.integers(), st.none() | st.text())
def test_failure_is_read_as_written(
    tmp_path_factory: pytest.TempPathFactory, status: JobFailureStatus, code: int, message: str | None
) -> None:
    job = JobDirectory(tmp_path_factory.mktemp("job"), "a")
    records.write_failure(job, Failure(status, code, message))
    assert records.job_outcome(job) == Failure(status, code, message)


def test_failure_is_written_as_release_2_7_does(job: JobDirectory) -> None:
    records.write_failure(job, Failure(JobFailureStatus.TIMEOUT, 1, "late"))
    assert json.loads(job.failed.read_text()) == {"code": 1, "reason": "timeout", "message": "late"}


def test_job_is_run_again_with_a_clean_slate(job: JobDirectory) -> None:
    records.write_failure(job, Failure(FAILED, 1))
    records.write_done(job)
    records.clear_outcome(job)
    assert records.job_outcome(job) is None


def test_process_is_read_as_written(job: JobDirectory) -> None:
    assert records.read_process(job) is None
    records.write_process(job, {"type": "slurm", "pid": "12"})
    assert records.read_process(job) == {"type": "slurm", "pid": "12"}


def test_process_cut_short_is_absent(job: JobDirectory) -> None:
    job.pid.write_text('{"type": "loc')
    assert records.read_process(job) is None


def full_status(job: JobDirectory) -> JobStatus:
    return JobStatus(
        job_id=job.job_id,
        task_id=job.task_id,
        path=job.path,
        state=JobState.ERROR,
        failure_reason=JobFailureStatus.TIMEOUT,
        scheduler_state=JobState.WAITING,
        scheduler_failure_reason=JobFailureStatus.DEPENDENCY,
        started_time=LocalTime("2026-11-21T01:47:46.215155"),
        ended_time=LocalTime("2026-11-21T01:47:47.000000"),
        exit_code=1,
        retry_count=2,
        resumable=True,
        progress=[Level(0, 0.5, "half")],
        process={"type": "local", "pid": 1},
        run_group_id="20261121-014745.41",
        events_count=3,
    )


def test_status_is_read_as_written(job: JobDirectory) -> None:
    records.write_job_status(job, full_status(job))
    assert records.read_job_status(job) == full_status(job)


def test_status_has_the_keys_of_release_2_7(job: JobDirectory) -> None:
    records.write_job_status(job, full_status(job))
    assert json.loads(job.status.read_text()) == {
        "job_id": "ab" * 32,
        "task_id": "learn.train",
        "path": str(job.path),
        "state": "error",
        "failure_reason": "timeout",
        "scheduler_state": "waiting",
        "scheduler_failure_reason": "dependency",
        "started_time": "2026-11-21T01:47:46.215155",
        "ended_time": "2026-11-21T01:47:47.000000",
        "exit_code": 1,
        "retry_count": 2,
        "resumable": True,
        "progress": [{"level": 0, "progress": 0.5, "desc": "half"}],
        "process": {"type": "local", "pid": 1},
        "run_group_id": "20261121-014745.41",
        "events_count": 3,
    }


def test_status_of_another_release_is_read_as_far_as_it_goes(job: JobDirectory) -> None:
    job.state.mkdir()
    job.status.write_text('{"state": "done", "scheduler_state": "transient", "retry_count": "x", "carbon_metrics": {}}')
    assert records.read_job_status(job) == JobStatus(
        JobId("ab" * 32), TaskId("learn.train"), job.path, JobState.DONE, progress=[]
    )


@pytest.mark.parametrize("content", ["", '{"state": "do', "[]"])
def test_status_cut_short_is_absent(job: JobDirectory, content: str) -> None:
    job.state.mkdir()
    job.status.write_text(content)
    assert records.read_job_status(job) is None


def test_moment_is_written_in_local_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "UTC-2")  # two hours east
    time.tzset()
    try:
        assert records.local_time(0.25) == "1970-01-01T02:00:00.250000"
    finally:
        monkeypatch.undo()
        time.tzset()
