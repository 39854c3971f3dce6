"""The records of one job.

The outcome of a job is told by two files, `<name>.done` and `<name>.failed`; `status.json` says more, and is never the
truth.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, Literal, NamedTuple, NewType, TypeAlias

from experimaestro import _files
from experimaestro._types import JobFailureStatus, JobId, JobState, TaskId
from experimaestro.workspace import plain
from experimaestro.workspace.events import Level
from experimaestro.workspace.layout import JobDirectory

LocalTime = NewType("LocalTime", str)
"""ISO 8601 local time without offset: the form of release 2.7, in all records."""

STATES: Final[Mapping[object, JobState]] = {state.value: state for state in JobState}
FAILURES: Final[Mapping[object, JobFailureStatus]] = {status.value: status for status in JobFailureStatus}


class Failure(NamedTuple):
    """Why a job is in error."""

    status: JobFailureStatus
    code: int
    """What the task gave to `sys.exit`; 1 for an exception, 15 for SIGTERM."""
    message: str | None = None


Outcome: TypeAlias = Literal[JobState.DONE] | Failure


class JobStatus(NamedTuple):
    """What is said of a job in its `status.json`."""

    job_id: JobId
    task_id: TaskId
    path: Path
    state: JobState = JobState.UNSCHEDULED
    failure_reason: JobFailureStatus | None = None
    scheduler_state: JobState = JobState.UNSCHEDULED
    scheduler_failure_reason: JobFailureStatus | None = None
    started_time: LocalTime | None = None
    ended_time: LocalTime | None = None
    exit_code: int | None = None
    retry_count: int = 0
    resumable: bool = False
    progress: Sequence[Level] = ()
    process: Mapping[str, object] | None = None
    """The same record as in the `.pid` file."""
    run_group_id: str | None = None
    """Common to the attempts of a job."""
    events_count: int | None = None


def local_time(seconds: float) -> LocalTime:
    """Writes a moment, in seconds since the epoch."""
    fraction = int(seconds % 1 * 1_000_000)
    return LocalTime(f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.localtime(seconds))}.{fraction:06}")


def job_outcome(directory: JobDirectory) -> Outcome | None:
    """Tells how a job ended; None if it did not.

    `.done` wins. A `.failed` that cannot be understood, an empty one included, is a failure whose message says so: the
    job did end, and taking it for a job to run would hide that.
    """
    if os.path.exists(directory.done):  # noqa: PTH110  # Path.exists raises in a directory we may not search
        return JobState.DONE
    return read_failure(directory.failed)


def read_failure(path: Path) -> Outcome | None:
    """Reads a `.failed` file; None if there is none. In its older form, the exit code alone, 0 stands for success."""
    try:
        content = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        return Failure(JobFailureStatus.FAILED, 1, f"{path}: {error.strerror}")
    return parse_failure(content, origin=path)


def parse_failure(content: bytes, *, origin: Path) -> Outcome:
    """Understands the content of a `.failed` file: an object, or an integer alone."""
    record = plain.parse(content)
    if record is not None:
        return _failure_of(record)
    try:
        code = int(content)
    except ValueError:
        return Failure(JobFailureStatus.FAILED, 1, f"{origin}: neither an object nor an exit code: {content[:80]!r}")
    return JobState.DONE if code == 0 else Failure(JobFailureStatus.FAILED, code)


def write_failure(directory: JobDirectory, failure: Failure) -> None:
    record: dict[str, object] = {"code": failure.code, "reason": failure.status.value}
    if failure.message is not None:
        record["message"] = failure.message
    _files.write_json(directory.failed, record)


def write_done(directory: JobDirectory) -> None:
    """Marks a job as done: the last thing to do for it."""
    directory.done.touch()


def clear_outcome(directory: JobDirectory) -> None:
    """Forgets how a job ended, before it is run again."""
    directory.done.unlink(missing_ok=True)
    directory.failed.unlink(missing_ok=True)


def read_process(directory: JobDirectory) -> Mapping[str, object] | None:
    """Reads the `.pid` file, whose form depends on its ``type``; None if it is missing or cut short."""
    return plain.load(directory.pid)


def write_process(directory: JobDirectory, record: Mapping[str, object]) -> None:
    _files.write_json(directory.pid, record)


def read_job_status(directory: JobDirectory) -> JobStatus | None:
    """Reads `status.json`; None if it is missing or cut short, and defaults for what it lacks."""
    data = plain.load(directory.status)
    return None if data is None else _status_of(data, directory)


def write_job_status(directory: JobDirectory, status: JobStatus) -> None:
    directory.state.mkdir(parents=True, exist_ok=True)
    _files.write_json(directory.status, _status_record(status))


def _failure_of(record: Mapping[str, object]) -> Failure:
    word = plain.text(record, "failure_status") or plain.text(record, "reason") or ""
    status = FAILURES.get(word.lower(), JobFailureStatus.FAILED)
    code = plain.integer(record, "code")
    return Failure(status, 1 if code is None else code, plain.text(record, "message"))


def _status_of(data: Mapping[str, object], directory: JobDirectory) -> JobStatus:
    return JobStatus(
        job_id=JobId(plain.text(data, "job_id") or directory.job_id),
        task_id=TaskId(plain.text(data, "task_id") or directory.task_id),
        path=Path(plain.text(data, "path") or directory.path),
        state=_state(data, "state"),
        failure_reason=_reason(data, "failure_reason"),
        scheduler_state=_state(data, "scheduler_state"),
        scheduler_failure_reason=_reason(data, "scheduler_failure_reason"),
        started_time=moment(data, "started_time"),
        ended_time=moment(data, "ended_time"),
        exit_code=plain.integer(data, "exit_code"),
        retry_count=plain.integer(data, "retry_count") or 0,
        resumable=plain.flag(data, "resumable"),
        progress=[_level(item) for item in plain.mappings(data, "progress")],
        process=plain.as_mapping(data.get("process")),
        run_group_id=plain.text(data, "run_group_id"),
        events_count=plain.integer(data, "events_count"),
    )


def _status_record(status: JobStatus) -> dict[str, object]:
    changed: dict[str, object] = {
        "path": str(status.path),
        "state": status.state.value,
        "failure_reason": _word(status.failure_reason),
        "scheduler_state": status.scheduler_state.value,
        "scheduler_failure_reason": _word(status.scheduler_failure_reason),
        "progress": [level._asdict() for level in status.progress],
    }
    return {**status._asdict(), **changed}


def moment(data: Mapping[str, object], key: str) -> LocalTime | None:
    value = plain.text(data, key)
    return None if value is None else LocalTime(value)


def _state(data: Mapping[str, object], key: str) -> JobState:
    """Words we do not know, such as ``transient``, are those of jobs that are not to be run."""
    return STATES.get(data.get(key), JobState.UNSCHEDULED)


def _reason(data: Mapping[str, object], key: str) -> JobFailureStatus | None:
    return FAILURES.get((plain.text(data, key) or "").lower())


def _word(reason: JobFailureStatus | None) -> str | None:
    return None if reason is None else reason.value


def _level(item: Mapping[str, object]) -> Level:
    return Level(plain.integer(item, "level") or 0, plain.number(item, "progress") or 0.0, plain.text(item, "desc"))
