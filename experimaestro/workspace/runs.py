"""The records of one run of an experiment: `status.json` and `jobs.jsonl`."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

from experimaestro import _files
from experimaestro._types import ExperimentId, JobFailureStatus, JobId, JobState, RunId, TaskId, TransientMode
from experimaestro.workspace import plain
from experimaestro.workspace.layout import RunDirectory
from experimaestro.workspace.records import FAILURES, STATES, LocalTime, moment

TagValue: TypeAlias = str | int | float | bool | None
Tags: TypeAlias = Mapping[str, TagValue]


class RunState(Enum):
    """Where a run of an experiment stands."""

    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    DETACHED = "detached"
    """The experiment was left while its jobs went on."""


_RUN_STATES: Final[Mapping[object, RunState]] = {
    **{state.value: state for state in RunState},
    "done": RunState.COMPLETED,
}


class Standing(NamedTuple):
    """The state of a job, and why if it is in error."""

    state: JobState
    failure: JobFailureStatus | None = None


class RunStatus(NamedTuple):
    """What is said of a run in its `status.json`."""

    experiment_id: ExperimentId
    run_id: RunId
    status: RunState | None = None
    """None if the record does not tell."""
    hostname: str | None = None
    started_at: LocalTime | None = None
    ended_at: LocalTime | None = None
    job_states: Mapping[JobId, Standing] = {}
    services: Mapping[str, object] = {}
    actions: Mapping[str, object] = {}
    run_tags: Sequence[str] = ()
    last_updated: LocalTime | None = None
    extra: Mapping[str, object] = {}
    """What else release 2.7 or a later one wrote, kept as it is."""


class JobEntry(NamedTuple):
    """A job of a run: one line of its `jobs.jsonl`."""

    task_id: TaskId
    job_id: JobId
    tags: Mapping[str, TagValue] = {}
    timestamp: float = 0.0
    """When it was submitted, in seconds since the epoch."""
    transient: TransientMode = TransientMode.NONE


def read_run_status(run: RunDirectory) -> RunStatus | None:
    """Reads `status.json`; None if it is missing or cut short, and defaults for what it lacks."""
    data = plain.load(run.status)
    return None if data is None else _status_of(data, run)


def write_run_status(run: RunDirectory, status: RunStatus) -> None:
    _files.write_json(run.status, _status_record(status), indent=2)


def _status_of(data: plain.Plain, run: RunDirectory) -> RunStatus:
    status = RunStatus(
        experiment_id=ExperimentId(plain.text(data, "experiment_id") or run.path.parent.name),
        run_id=run.run_id,
        status=run_state(data),
        hostname=plain.text(data, "hostname"),
        started_at=moment(data, "started_at"),
        ended_at=moment(data, "ended_at"),
        job_states={JobId(key): parse_standing(word) for key, word in plain.mapping(data, "job_states").items()},
        services=plain.mapping(data, "services"),
        actions=plain.mapping(data, "actions"),
        run_tags=plain.texts(data, "run_tags"),
        last_updated=moment(data, "last_updated"),
    )
    return status._replace(extra={key: value for key, value in data.items() if key not in (*status._fields, "version")})


def _status_record(status: RunStatus) -> dict[str, object]:
    fields = status._asdict()
    del fields["extra"]
    states = {job_id: format_standing(standing) for job_id, standing in status.job_states.items()}
    changed = {"status": status_word(status.status), "job_states": states, "run_tags": sorted(status.run_tags)}
    return {"version": 1, **fields, **changed, **status.extra}


def parse_standing(word: object) -> Standing:
    """Reads ``done``, ``error:TIMEOUT``...; words we do not know are those of jobs that are not to be run."""
    state, _, reason = word.partition(":") if isinstance(word, str) else ("", "", "")
    return Standing(STATES.get(state, JobState.UNSCHEDULED), FAILURES.get(reason.lower()))


def format_standing(standing: Standing) -> str:
    state = standing.state.value
    return state if standing.failure is None else f"{state}:{standing.failure.value.upper()}"


def run_state(data: plain.Plain) -> RunState | None:
    """Reads the key ``status``, in the words of any of our files."""
    return _RUN_STATES.get(plain.text(data, "status"))


def status_word(state: RunState | None) -> str | None:
    """`status.json` says ``done`` where `environment.json` says ``completed``."""
    if state is None:
        return None
    return "done" if state is RunState.COMPLETED else state.value


def append_jobs(run: RunDirectory, entries: Iterable[JobEntry]) -> None:
    """Adds jobs to `jobs.jsonl`, in one write."""
    lines = "".join(job_line(entry) for entry in entries)
    with run.jobs_jsonl.open("a", encoding="utf-8") as file:
        file.write(lines)


def read_jobs(run: RunDirectory) -> Iterator[JobEntry]:
    """Lists the jobs of a run, each once, with its last line; a run of release 1 has links only."""
    if not run.jobs_jsonl.exists():
        return linked_jobs(run.jobs)
    entries = (_job_entry(line) for line in plain.load_lines(run.jobs_jsonl))
    return iter({(entry.task_id, entry.job_id): entry for entry in entries if entry is not None}.values())


def linked_jobs(directory: Path) -> Iterator[JobEntry]:
    """Lists the jobs of a directory of links ``<task id>/<job id>``."""
    for task in _names(directory):
        for job in _names(directory / task):
            yield JobEntry(TaskId(task), JobId(job))


def job_line(entry: JobEntry) -> str:
    """One line of `jobs.jsonl`."""
    record: dict[str, object] = {
        "job_id": entry.job_id,
        "task_id": entry.task_id,
        "tags": dict(entry.tags),
        "timestamp": entry.timestamp,
    }
    if entry.transient is not TransientMode.NONE:
        record["transient"] = int(entry.transient)
    return json.dumps(record) + "\n"


def _job_entry(data: plain.Plain) -> JobEntry | None:
    task, job = plain.text(data, "task_id"), plain.text(data, "job_id")
    if task is None or job is None:
        return None
    timestamp = plain.number(data, "timestamp") or 0.0
    return JobEntry(TaskId(task), JobId(job), parse_tags(plain.mapping(data, "tags")), timestamp, _transient(data))


def parse_tags(data: plain.Plain) -> Tags:
    """Keeps what a tag can be, and shows the rest as JSON."""
    return {name: _tag_value(value) for name, value in data.items()}


def _tag_value(value: object) -> TagValue:
    return value if value is None or isinstance(value, str | int | float) else json.dumps(value)


def _transient(data: plain.Plain) -> TransientMode:
    try:
        return TransientMode(plain.integer(data, "transient") or 0)
    except ValueError:
        return TransientMode.NONE


def _names(directory: Path) -> list[str]:
    try:
        return sorted(os.listdir(directory))  # noqa: PTH208  # names, not paths
    except (FileNotFoundError, NotADirectoryError):
        return []
