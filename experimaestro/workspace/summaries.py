"""A run in a few words, and which runs to forget."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from experimaestro import _files
from experimaestro._types import JobState, RunId
from experimaestro.workspace import plain
from experimaestro.workspace.environment import RunEnvironment, RunTimes, read_environment
from experimaestro.workspace.layout import RunDirectory, SummaryDirectory, run_order
from experimaestro.workspace.records import STATES, LocalTime, moment
from experimaestro.workspace.runs import RunState, RunStatus, read_run_status, run_state, status_word


class RunSummary(NamedTuple):
    """A run in a few words."""

    run_id: RunId
    hostname: str | None = None
    status: RunState | None = None
    started_at: LocalTime | None = None
    ended_at: LocalTime | None = None
    counts: Mapping[JobState, int] = {}
    tags: Sequence[str] = ()

    @property
    def total_jobs(self) -> int:
        return sum(self.counts.values())

    @property
    def finished_jobs(self) -> int:
        """The jobs that are done; those in error are apart."""
        return self.counts.get(JobState.DONE, 0)

    @property
    def failed_jobs(self) -> int:
        return self.counts.get(JobState.ERROR, 0)


def summarize(run_id: RunId, status: RunStatus | None, environment: RunEnvironment | None) -> RunSummary:
    """Says a run in a few words; `status.json` is asked first, except how the run ended.

    Release 2.7 says there ``done`` of runs that were left.
    """
    times = RunTimes() if environment is None else environment.run
    if status is None:
        return RunSummary(run_id, times.hostname, times.status, times.started_at, times.ended_at)
    return RunSummary(
        run_id=run_id,
        hostname=status.hostname or times.hostname,
        status=times.status or status.status,
        started_at=status.started_at or times.started_at,
        ended_at=status.ended_at or times.ended_at,
        counts=Counter(standing.state for standing in status.job_states.values()),
        tags=tuple(status.run_tags),
    )


def read_run(run: RunDirectory) -> RunSummary:
    """Summarizes a run from its files."""
    return summarize(run.run_id, read_run_status(run), read_environment(run))


def read_summary(directory: SummaryDirectory) -> RunSummary | None:
    """Reads `informations.json`; None if it is missing or cut short."""
    data = plain.load(directory.informations)
    return None if data is None else parse_summary(data)


def write_summary(directory: SummaryDirectory, summary: RunSummary) -> None:
    create_summary_directory(directory)
    _files.write_json(directory.informations, summary_record(summary), indent=2)


def parse_summary(data: plain.Plain) -> RunSummary | None:
    """Understands a record of a run; None if it does not tell which run."""
    run_id = plain.text(data, "run_id")
    if run_id is None:
        return None
    return RunSummary(
        run_id=RunId(run_id),
        hostname=plain.text(data, "hostname"),
        status=run_state(data),
        started_at=moment(data, "started_at"),
        ended_at=moment(data, "ended_at"),
        counts=_parse_counts(plain.mapping(data, "counts")),
        tags=plain.texts(data, "run_tags"),
    )


def summary_record(summary: RunSummary) -> dict[str, object]:
    return {
        "hostname": summary.hostname,
        "run_id": summary.run_id,
        "status": status_word(summary.status),
        "started_at": summary.started_at,
        "ended_at": summary.ended_at,
        "counts": {state.value: summary.counts[state] for state in JobState if summary.counts.get(state)},
        "total_jobs": summary.total_jobs,
        "finished_jobs": summary.finished_jobs,
        "failed_jobs": summary.failed_jobs,
        "run_tags": list(summary.tags),
    }


def create_summary_directory(directory: SummaryDirectory) -> None:
    """Creates `xp/<experiment id>`.

    Where release 2.7 migrated a workspace, `xp` is a broken link meant to keep release 1 out: it makes room.
    """
    root = directory.path.parent
    if root.is_symlink() and not root.exists():
        root.unlink()
    directory.path.mkdir(parents=True, exist_ok=True)


def _parse_counts(data: plain.Plain) -> Mapping[JobState, int]:
    counts = ((STATES.get(word), plain.integer(data, word)) for word in data)
    return {state: count for state, count in counts if state is not None and count is not None}


def runs_to_delete(runs: Sequence[RunSummary], current: RunId, *, max_done: int, max_failed: int) -> list[RunId]:
    """Tells which runs of an experiment to forget, oldest first.

    Failed runs go when a later one completed; of the others, the newest `max_done` completed and `max_failed`
    failed ones stay. The current run, tagged ones and those whose end is not known always stay. The caller holds the
    lock of the experiment: another run that says it is running has crashed, and counts as failed.
    """
    ordered = sorted(runs, key=lambda run: run_order(run.run_id))
    done = [run for run in ordered if run.status is RunState.COMPLETED]
    failed = [run for run in ordered if _has_failed(run, current)]
    superseded = [run for run in failed if done and run_order(run.run_id) < run_order(done[-1].run_id)]
    others = failed[len(superseded) :]
    forgotten = {run.run_id for run in (*superseded, *_oldest(done, keep=max_done), *_oldest(others, keep=max_failed))}
    return [run.run_id for run in ordered if run.run_id in forgotten and run.run_id != current and not run.tags]


def _has_failed(run: RunSummary, current: RunId) -> bool:
    crashed = run.status is RunState.RUNNING and run.run_id != current
    return crashed or run.status is RunState.FAILED


def _oldest(runs: Sequence[RunSummary], *, keep: int) -> Sequence[RunSummary]:
    return runs[: max(0, len(runs) - keep)]
