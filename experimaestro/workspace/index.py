"""An SQLite index of the runs of a workspace and of their jobs.

Everything in it comes from files. A row is believed only while the files it came from are unchanged; otherwise, and
when the database is missing, locked, read-only or damaged, the files are read.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

from experimaestro._types import ExperimentId, JobId, JobState, RunId, TaskId
from experimaestro.exceptions import HandledException
from experimaestro.workspace import plain, views
from experimaestro.workspace.layout import RunDirectory, WorkspaceLayout
from experimaestro.workspace.records import STATES
from experimaestro.workspace.runs import Standing, Tags, parse_tags, read_jobs, read_run_status
from experimaestro.workspace.summaries import RunSummary, parse_summary, read_run, summary_record

_VERSION: Final = 1
_PATIENCE: Final = 0.5
"""Seconds to wait for another process that writes."""

_SCHEMA: Final = f"""
CREATE TABLE IF NOT EXISTS runs (
    experiment TEXT NOT NULL, run TEXT NOT NULL, stamp TEXT NOT NULL, summary TEXT NOT NULL,
    PRIMARY KEY (experiment, run)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS jobs (
    job TEXT NOT NULL, task TEXT NOT NULL, experiment TEXT NOT NULL, run TEXT NOT NULL,
    state TEXT NOT NULL, tags TEXT NOT NULL,
    PRIMARY KEY (job, task, experiment, run)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS jobs_of_run ON jobs (experiment, run);
PRAGMA user_version = {_VERSION};
"""

_RunKey: TypeAlias = tuple[ExperimentId, RunId]


class SyncReport(NamedTuple):
    """What the index holds."""

    experiments: int
    runs: int
    jobs: int


class JobRun(NamedTuple):
    """A run that has a job, and how the job stood in its last record."""

    experiment_id: ExperimentId
    run_id: RunId
    state: JobState
    tags: Tags


class IndexUnavailableError(HandledException):
    """The index cannot be written."""

    def __init__(self, path: Path, reason: Exception) -> None:
        self.path = path
        super().__init__(f"cannot write the index {path}: {reason} (nothing needs it: the files hold everything)")


def sync(layout: WorkspaceLayout) -> SyncReport:
    """Makes the index anew from the files; a damaged database is replaced.

    Raises IndexUnavailableError.
    """
    try:
        return _rebuild_or_replace(layout)
    except (OSError, sqlite3.Error) as error:
        raise IndexUnavailableError(layout.database, error) from error


def record_run(layout: WorkspaceLayout, experiment_id: ExperimentId, run_id: RunId) -> bool:
    """Brings the index up to date with the files of one run, and forgets the runs of the experiment that were deleted.

    Returns whether the index could be written; without it everything works, more slowly.
    """
    runs = layout.experiment(experiment_id).runs()
    try:
        with closing(_open_to_write(layout.database)) as connection, connection:
            _forget_others(connection, experiment_id, {run.run_id for run in runs})
            _insert(connection, experiment_id, layout.experiment(experiment_id).run(run_id))
    except (OSError, sqlite3.Error):
        return False
    return True


def list_experiments(layout: WorkspaceLayout) -> list[views.ExperimentView]:
    """As `views.list_experiments`, with the help of the index."""
    return views.list_experiments(layout, read=_reader(_known_runs(layout)))


def list_runs(layout: WorkspaceLayout, experiment_id: ExperimentId) -> list[RunSummary]:
    """As `views.list_runs`, with the help of the index."""
    return views.list_runs(layout, experiment_id, read=_reader(_known_runs(layout)))


def runs_of_job(layout: WorkspaceLayout, task_id: TaskId, job_id: JobId) -> list[JobRun]:
    """Lists the runs that have a job, by experiment and age; empty for an orphan."""
    known = _known_runs(layout)
    found = {(row.experiment_id, row.run_id): row for row in _job_rows(layout, task_id, job_id)}
    rows = (
        found.get(key) if _is_fresh(known, key, run) else _read_jobs(key, run).get((task_id, job_id))
        for key, run in _all_runs(layout)
    )
    return [row for row in rows if row is not None]


def _rebuild_or_replace(layout: WorkspaceLayout) -> SyncReport:
    try:
        return _rebuild(layout)
    except sqlite3.OperationalError:  # locked or read-only: replacing the file would not help
        raise
    except sqlite3.DatabaseError:
        _remove(layout.database)
        return _rebuild(layout)


def _rebuild(layout: WorkspaceLayout) -> SyncReport:
    runs = _all_runs(layout)
    with closing(_open_to_write(layout.database)) as connection, connection:
        connection.execute("DELETE FROM runs")
        connection.execute("DELETE FROM jobs")
        jobs = sum(_insert(connection, experiment_id, run) for (experiment_id, _), run in runs)
    return SyncReport(len({experiment_id for (experiment_id, _), _ in runs}), len(runs), jobs)


def _open_to_write(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, timeout=_PATIENCE)
    try:
        _create_tables(connection)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _create_tables(connection: sqlite3.Connection) -> None:
    """Another version of the index goes: it can be made again."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version != _VERSION:
        connection.executescript(f"DROP TABLE IF EXISTS runs; DROP TABLE IF EXISTS jobs; {_SCHEMA}")


def _insert(connection: sqlite3.Connection, experiment_id: ExperimentId, run: RunDirectory) -> int:
    """Replaces what is known of a run, and returns how many jobs it has."""
    key = (experiment_id, run.run_id)
    stamp = _stamp(run)  # before the files are read: one that changes meanwhile makes the row stale
    jobs = _read_jobs(key, run)
    summary = json.dumps(summary_record(read_run(run)))
    connection.execute("INSERT OR REPLACE INTO runs VALUES (?,?,?,?)", (*key, stamp, summary))
    connection.execute("DELETE FROM jobs WHERE experiment = ? AND run = ?", key)
    rows = ((job_id, task_id, *key, job.state.value, json.dumps(job.tags)) for (task_id, job_id), job in jobs.items())
    connection.executemany("INSERT INTO jobs VALUES (?,?,?,?,?,?)", rows)
    return len(jobs)


def _forget_others(connection: sqlite3.Connection, experiment_id: ExperimentId, present: Iterable[RunId]) -> None:
    rows = connection.execute("SELECT run FROM runs WHERE experiment = ?", (experiment_id,)).fetchall()
    gone = [(experiment_id, run_id) for (run_id,) in rows if run_id not in present]
    for table in ("runs", "jobs"):
        connection.executemany(f"DELETE FROM {table} WHERE experiment = ? AND run = ?", gone)


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.with_name(f"{path.name}-journal").unlink(missing_ok=True)


_Known: TypeAlias = Mapping[_RunKey, tuple[str, RunSummary]]


def _known_runs(layout: WorkspaceLayout) -> _Known:
    known: dict[_RunKey, tuple[str, RunSummary]] = {}
    query = "SELECT experiment, run, stamp, summary FROM runs"
    for experiment_id, run_id, stamp, record in _select(layout.database, query):
        summary = parse_summary(plain.parse(record) or {})
        if summary is not None:
            known[ExperimentId(experiment_id), RunId(run_id)] = (stamp, summary)
    return known


def _job_rows(layout: WorkspaceLayout, task_id: TaskId, job_id: JobId) -> Iterator[JobRun]:
    query = "SELECT experiment, run, state, tags FROM jobs WHERE job = ? AND task = ?"
    for experiment_id, run_id, state, tags in _select(layout.database, query, job_id, task_id):
        parsed = parse_tags(plain.parse(tags) or {})
        yield JobRun(ExperimentId(experiment_id), RunId(run_id), STATES.get(state, JobState.UNSCHEDULED), parsed)


def _select(database: Path, query: str, *values: str) -> list[tuple[str, ...]]:
    """Returns no row when there is no index that we can use."""
    try:
        uri = f"{database.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True, timeout=_PATIENCE)) as connection:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            return connection.execute(query, values).fetchall() if version == _VERSION else []
    except sqlite3.Error:
        return []


def _reader(known: _Known) -> views.RunReader:
    def read(run: RunDirectory) -> RunSummary:
        key = (ExperimentId(run.path.parent.name), run.run_id)
        return known[key][1] if _is_fresh(known, key, run) else read_run(run)

    return read


def _is_fresh(known: _Known, key: _RunKey, run: RunDirectory) -> bool:
    return key in known and known[key][0] == _stamp(run)


def _stamp(run: RunDirectory) -> str:
    """Changes whenever a record of the run does: each is replaced by a new file, or grows."""
    return " ".join(_file_stamp(path) for path in (run.status, run.environment, run.jobs_jsonl))


def _file_stamp(path: Path) -> str:
    try:
        found = path.stat()
    except OSError:
        return "-"
    return f"{found.st_ino}.{found.st_mtime_ns}.{found.st_size}"


def _all_runs(layout: WorkspaceLayout) -> list[tuple[_RunKey, RunDirectory]]:
    return [
        ((experiment_id, run.run_id), run)
        for experiment_id in views.experiment_ids(layout)
        for run in layout.experiment(experiment_id).runs()
    ]


def _read_jobs(key: _RunKey, run: RunDirectory) -> Mapping[tuple[TaskId, JobId], JobRun]:
    status = read_run_status(run)
    states: Mapping[JobId, Standing] = {} if status is None else status.job_states
    unknown = Standing(JobState.UNSCHEDULED)
    return {
        (entry.task_id, entry.job_id): JobRun(*key, states.get(entry.job_id, unknown).state, entry.tags)
        for entry in read_jobs(run)
    }
