"""What a workspace holds, read from its files.

The state of a job is always the one its files tell now, never one recorded earlier.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

from experimaestro._processes import Alive, ProcessIdentity, is_alive
from experimaestro._types import ExperimentId, JobId, JobState, RunId, TaskId
from experimaestro.exceptions import HandledException, did_you_mean
from experimaestro.workspace import plain
from experimaestro.workspace.layout import JobDirectory, RunDirectory, SummaryDirectory, WorkspaceLayout
from experimaestro.workspace.records import LocalTime, job_outcome, read_job_status, read_process
from experimaestro.workspace.runs import JobEntry, RunState, Tags, linked_jobs, read_jobs, read_run_status
from experimaestro.workspace.summaries import RunSummary, read_run, read_summary

RunReader: TypeAlias = Callable[[RunDirectory], RunSummary]

_JOB_ID: Final = re.compile(r"[0-9a-f]{64}")
_REFERENCE: Final = re.compile(r"(?:(?P<task>[^/]+)/)?(?P<prefix>[0-9a-f]{1,64})")
_SHORTEST_PREFIX: Final = 4
_LISTED: Final = 10
_ENDED: Final = (RunState.COMPLETED, RunState.FAILED)
"""In these states all jobs have ended, and their recorded states hold."""
_NO_RUN: Final = RunSummary(RunId(""))


class ExperimentView(NamedTuple):
    """An experiment, as its newest run stands."""

    id: ExperimentId
    host: str | None
    run_id: RunId | None
    """None for an experiment of release 1, or one that never started."""
    status: RunState | None
    done: int
    failed: int
    total: int
    started_at: LocalTime | None


class JobView(NamedTuple):
    """A job and its present state."""

    task_id: TaskId
    job_id: JobId
    state: JobState
    tags: Tags
    """Those of the newest run that has the job."""
    directory: JobDirectory


class ActionView(NamedTuple):
    """An action of a run, as its records tell it."""

    identifier: str
    description: str
    type_name: str


class UnknownExperimentError(HandledException):
    """No experiment of the workspace has this identifier."""

    def __init__(self, experiment_id: str, known: Sequence[str], root: Path) -> None:
        self.experiment_id = experiment_id
        hint = did_you_mean(experiment_id, known)
        super().__init__(f"no experiment {experiment_id!r} among the {len(known)} of {root}{hint}")


class InvalidJobReferenceError(HandledException):
    """The text cannot refer to a job."""

    def __init__(self, reference: str) -> None:
        self.reference = reference
        super().__init__(
            f"{reference!r} does not refer to a job: expected TASK/ID, with the end of a task identifier and the first "
            f"digits of a job identifier, or {_SHORTEST_PREFIX} digits or more of a job identifier alone"
        )


class UnknownJobError(HandledException):
    """No job corresponds to a reference."""

    def __init__(self, reference: str, tasks: Sequence[str], known: Sequence[str], root: Path) -> None:
        self.reference = reference
        searched = f"the jobs of {', '.join(tasks[:_LISTED])}" if tasks else f"the {len(known)} tasks"
        hint = "" if tasks else did_you_mean(reference.rpartition("/")[0], known)
        super().__init__(f"no job {reference!r} among {searched} in {root}{hint}")


class AmbiguousJobError(HandledException):
    """Several jobs correspond to a reference."""

    def __init__(self, reference: str, candidates: Sequence[JobDirectory]) -> None:
        self.reference = reference
        self.candidates = tuple(candidates)
        shown = [f"  {job.task_id}/{job.job_id}" for job in candidates[:_LISTED]]
        rest = [f"  and {len(candidates) - _LISTED} more"] if len(candidates) > _LISTED else []
        super().__init__("\n".join([f"{reference!r} refers to {len(candidates)} jobs:", *shown, *rest]))


def list_experiments(layout: WorkspaceLayout, *, read: RunReader = read_run) -> list[ExperimentView]:
    """Lists the experiments of a workspace by identifier, those of release 1 included."""
    return [_experiment_view(layout, experiment_id, read) for experiment_id in experiment_ids(layout)]


def list_runs(layout: WorkspaceLayout, experiment_id: ExperimentId, *, read: RunReader = read_run) -> list[RunSummary]:
    """Lists the runs of an experiment, oldest first, as they were recorded.

    Raises UnknownExperimentError.
    """
    _check_known(layout, experiment_id)
    return [read(run) for run in layout.experiment(experiment_id).runs()]


def list_jobs(layout: WorkspaceLayout, experiment: ExperimentId | None = None) -> Iterator[JobView]:
    """Lists the jobs of a workspace by task, or those of the newest run of an experiment in order of submission.

    Raises UnknownExperimentError at once, before anything is listed.
    """
    if experiment is None:
        tags = _tags_of_jobs(layout)
        return (_job_view(job, tags) for task in _tasks(layout) for job in _jobs(layout, task))
    _check_known(layout, experiment)
    return (_entry_view(layout, entry) for entry in newest_entries(layout, experiment))


def list_known_jobs(layout: WorkspaceLayout) -> list[JobDirectory]:
    """Lists where the jobs of the newest runs of all experiments are, or were, each once."""
    entries = (entry for experiment_id in experiment_ids(layout) for entry in newest_entries(layout, experiment_id))
    return [layout.job(*key) for key in dict.fromkeys((entry.task_id, entry.job_id) for entry in entries)]


def find_job(layout: WorkspaceLayout, reference: str) -> JobView:
    """Finds the job that a person means by ``TASK/ID`` or ``ID``, both possibly shortened.

    Raises InvalidJobReferenceError, UnknownJobError or AmbiguousJobError.
    """
    task, prefix = parse_reference(reference)
    known = _tasks(layout)
    tasks = known if task is None else meant_tasks(task, known)
    found = [job for name in tasks for job in _jobs(layout, name) if job.job_id.startswith(prefix)]
    if not found:
        raise UnknownJobError(reference, [] if task is None else tasks, known, layout.root)
    if len(found) > 1:
        raise AmbiguousJobError(reference, found)
    return _job_view(found[0], _tags_of_jobs(layout))


def parse_reference(reference: str) -> tuple[str | None, str]:
    """Splits a reference into the end of a task identifier, if it has one, and the start of a job identifier."""
    match = _REFERENCE.fullmatch(reference.lower())
    if match is None or (match["task"] is None and len(match["prefix"]) < _SHORTEST_PREFIX):
        raise InvalidJobReferenceError(reference)
    return match["task"], match["prefix"]


def meant_tasks(name: str, known: Iterable[TaskId]) -> list[TaskId]:
    """Returns the task of that name, or those whose last components make it."""
    ending = [task for task in known if f".{task}".endswith(f".{name}")]
    return [task for task in ending if task == name] or ending


def job_state(directory: JobDirectory) -> JobState:
    """Tells the state of a job from its files.

    Without outcome, a job runs if its process does. Of a process that cannot be seen from here (another host, a batch
    system), the `.pid` file is believed, and `status.json` when it says that the job waits to be started.
    """
    outcome = job_outcome(directory)
    if outcome is not None:
        return outcome if outcome is JobState.DONE else JobState.ERROR
    record = read_process(directory)
    if record is None:
        return JobState.UNSCHEDULED
    identity = ProcessIdentity.from_record(record)
    alive = Alive.ELSEWHERE if identity is None else is_alive(identity, marker=str(directory.path))
    return _state_of_process(alive, directory)


def experiment_ids(layout: WorkspaceLayout) -> list[ExperimentId]:
    """Lists the identifiers of all experiments, sorted."""
    names = {*_directories(layout.experiments), *_directories(layout.xp)}
    return [ExperimentId(name) for name in sorted(names)]


def newest_run(layout: WorkspaceLayout, experiment_id: ExperimentId) -> RunDirectory:
    """The newest run of an experiment.

    Raises UnknownExperimentError, also for an experiment of release 1, which has no runs.
    """
    runs = layout.experiment(experiment_id).runs()
    if not runs:
        raise UnknownExperimentError(experiment_id, experiment_ids(layout), layout.root)
    return runs[-1]


def list_actions(run: RunDirectory) -> list[ActionView]:
    """Lists the actions of a run, without importing anything."""
    status = read_run_status(run)
    return [_action_view(identifier, record) for identifier, record in status.actions.items()] if status else []


def newest_entries(layout: WorkspaceLayout, experiment_id: ExperimentId) -> Iterator[JobEntry]:
    """Lists the jobs of the newest run of an experiment; one of release 1 has links only."""
    runs = layout.experiment(experiment_id).runs()
    return read_jobs(runs[-1]) if runs else linked_jobs(layout.summary(experiment_id).jobs)


def _action_view(identifier: str, record: object) -> ActionView:
    known = plain.as_mapping(record) or {}
    return ActionView(identifier, plain.text(known, "description") or "", plain.text(known, "class") or "")


def _state_of_process(alive: Alive, directory: JobDirectory) -> JobState:
    match alive:
        case Alive.YES:
            return JobState.RUNNING
        case Alive.NO:
            return JobState.UNSCHEDULED
        case Alive.ELSEWHERE:
            status = read_job_status(directory)
            waits = status is not None and status.state is JobState.SCHEDULED
            return JobState.SCHEDULED if waits else JobState.RUNNING


def _experiment_view(layout: WorkspaceLayout, experiment_id: ExperimentId, read: RunReader) -> ExperimentView:
    runs = layout.experiment(experiment_id).runs()
    summary = _newest_summary(layout.summary(experiment_id), runs, read)
    if summary.status not in _ENDED:
        summary = summary._replace(counts=_present_counts(layout, experiment_id))
    return ExperimentView(
        id=experiment_id,
        host=summary.hostname,
        run_id=runs[-1].run_id if runs else None,
        status=summary.status,
        done=summary.finished_jobs,
        failed=summary.failed_jobs,
        total=summary.total_jobs,
        started_at=summary.started_at,
    )


def _newest_summary(directory: SummaryDirectory, runs: Sequence[RunDirectory], read: RunReader) -> RunSummary:
    """Prefers `informations.json`, which is short, unless it is not the one of the newest run."""
    summary = read_summary(directory)
    if runs and (summary is None or summary.run_id != runs[-1].run_id):
        return read(runs[-1])
    return summary or _NO_RUN


def _present_counts(layout: WorkspaceLayout, experiment_id: ExperimentId) -> Mapping[JobState, int]:
    entries = newest_entries(layout, experiment_id)
    return Counter(job_state(layout.job(entry.task_id, entry.job_id)) for entry in entries)


def _entry_view(layout: WorkspaceLayout, entry: JobEntry) -> JobView:
    directory = layout.job(entry.task_id, entry.job_id)
    return JobView(entry.task_id, entry.job_id, job_state(directory), entry.tags, directory)


def _job_view(job: JobDirectory, tags: Mapping[tuple[TaskId, JobId], Tags]) -> JobView:
    return JobView(job.task_id, job.job_id, job_state(job), tags.get((job.task_id, job.job_id), {}), job)


def _tags_of_jobs(layout: WorkspaceLayout) -> Mapping[tuple[TaskId, JobId], Tags]:
    entries = [entry for experiment_id in experiment_ids(layout) for entry in newest_entries(layout, experiment_id)]
    entries.sort(key=lambda entry: entry.timestamp)
    return {(entry.task_id, entry.job_id): entry.tags for entry in entries if entry.tags}


def _tasks(layout: WorkspaceLayout) -> list[TaskId]:
    return [TaskId(name) for name in sorted(_directories(layout.jobs))]


def _jobs(layout: WorkspaceLayout, task: TaskId) -> list[JobDirectory]:
    names = sorted(_directories(layout.jobs / task))
    return [layout.job(task, JobId(name)) for name in names if _JOB_ID.fullmatch(name)]


def _directories(path: Path) -> Iterator[str]:
    """Names of the directories of a directory; links to directories are among them (jobs moved elsewhere)."""
    try:
        entries = os.scandir(path)
    except (FileNotFoundError, NotADirectoryError):
        return
    with entries:
        for entry in entries:
            if entry.is_dir() and not entry.name.startswith("."):
                yield entry.name


def _check_known(layout: WorkspaceLayout, experiment_id: ExperimentId) -> None:
    known = experiment_ids(layout)
    if experiment_id not in known:
        raise UnknownExperimentError(experiment_id, known, layout.root)
