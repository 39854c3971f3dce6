"""The index makes things faster, and nothing else."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest

from experimaestro._types import ExperimentId, JobId, JobState, RunId, TaskId
from experimaestro.workspace import index, summaries, views
from experimaestro.workspace.index import IndexUnavailableError, JobRun, SyncReport
from experimaestro.workspace.layout import RunDirectory, WorkspaceLayout
from experimaestro.workspace.runs import JobEntry, RunState, append_jobs, read_run_status, write_run_status

AddRun = Callable[..., RunDirectory]

DONE = JobState.DONE
XP1, TRAIN, JOB = ExperimentId("xp1"), TaskId("learn.train"), JobId("a1" * 32)
FIRST, SECOND = RunId("20260101_000000"), RunId("20260102_000000")


@pytest.fixture
def indexed(layout: WorkspaceLayout, add_run: AddRun) -> WorkspaceLayout:
    """An experiment of two runs, of which the index knows all."""
    add_run("xp1", FIRST, {(TRAIN, JOB): JobState.ERROR}, status=RunState.FAILED, tags={"x": 1})
    add_run("xp1", SECOND, {(TRAIN, JOB): DONE}, tags={"x": 2})
    index.sync(layout)
    return layout


@pytest.fixture
def files_read(monkeypatch: pytest.MonkeyPatch) -> list[RunDirectory]:
    """The runs whose files were read."""
    read: list[RunDirectory] = []
    monkeypatch.setattr(index, "read_run", lambda run: read.append(run) or summaries.read_run(run))
    return read


RUNS = [JobRun(XP1, FIRST, JobState.ERROR, {"x": 1}), JobRun(XP1, SECOND, DONE, {"x": 2})]


def assert_tells_all(layout: WorkspaceLayout) -> None:
    assert index.list_experiments(layout) == views.list_experiments(layout)
    assert index.list_runs(layout, XP1) == views.list_runs(layout, XP1)
    assert index.runs_of_job(layout, TRAIN, JOB) == RUNS


def test_index_tells_what_the_files_tell_without_reading_them(
    indexed: WorkspaceLayout, files_read: list[RunDirectory]
) -> None:
    assert_tells_all(indexed)
    assert files_read == []


def test_sync_says_what_it_found(indexed: WorkspaceLayout) -> None:
    assert index.sync(indexed) == SyncReport(experiments=1, runs=2, jobs=2)


def test_hostname_of_release_2_7_is_kept(release_2_7: WorkspaceLayout, files_read: list[RunDirectory]) -> None:
    index.sync(release_2_7)
    files_read.clear()
    assert [run.hostname for run in index.list_runs(release_2_7, XP1)] == ["vm"]
    assert files_read == []


def delete(layout: WorkspaceLayout) -> None:
    layout.database.unlink()


def damage(layout: WorkspaceLayout) -> None:
    layout.database.write_bytes(b"not a database" * 1000)


def cut(layout: WorkspaceLayout) -> None:
    content = layout.database.read_bytes()
    layout.database.write_bytes(content[: len(content) // 2])


def replace_by_directory(layout: WorkspaceLayout) -> None:
    layout.database.unlink()
    layout.database.mkdir()


def make_of_another_version(layout: WorkspaceLayout) -> None:
    with closing(sqlite3.connect(layout.database)) as connection, connection:
        connection.execute("DROP TABLE runs")
        connection.execute("PRAGMA user_version = 99")


@pytest.mark.parametrize("accident", [delete, damage, cut, replace_by_directory, make_of_another_version])
def test_without_usable_index_the_files_are_read(
    indexed: WorkspaceLayout, accident: Callable[[WorkspaceLayout], None]
) -> None:
    accident(indexed)
    assert_tells_all(indexed)


@pytest.mark.parametrize("accident", [delete, damage, cut, make_of_another_version])
def test_sync_repairs(
    indexed: WorkspaceLayout, files_read: list[RunDirectory], accident: Callable[[WorkspaceLayout], None]
) -> None:
    accident(indexed)
    assert index.sync(indexed) == SyncReport(experiments=1, runs=2, jobs=2)
    files_read.clear()
    assert_tells_all(indexed)
    assert files_read == []


def test_locked_index_is_not_waited_for(indexed: WorkspaceLayout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "_PATIENCE", 0.0)
    with closing(sqlite3.connect(indexed.database, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert_tells_all(indexed)
        assert not index.record_run(indexed, XP1, FIRST)
        with pytest.raises(IndexUnavailableError, match=r"cannot write the index .*: database is locked"):
            index.sync(indexed)


def test_index_that_cannot_be_written_is_an_error_of_sync_only(layout: WorkspaceLayout, add_run: AddRun) -> None:
    add_run("xp1", FIRST, {})
    layout.database.parent.write_text("in the way")
    assert not index.record_run(layout, XP1, FIRST)
    with pytest.raises(IndexUnavailableError):
        index.sync(layout)


def test_run_that_changed_is_read_from_its_files(indexed: WorkspaceLayout, files_read: list[RunDirectory]) -> None:
    run = indexed.experiment(XP1).run(SECOND)
    status = read_run_status(run)
    assert status is not None
    write_run_status(run, status._replace(hostname="other"))
    assert [summary.hostname for summary in index.list_runs(indexed, XP1)] == ["vm", "other"]
    assert files_read == [run]


def test_job_added_since_is_found(indexed: WorkspaceLayout) -> None:
    added = JobId("b2" * 32)
    append_jobs(indexed.experiment(XP1).run(SECOND), [JobEntry(TRAIN, added)])
    assert index.runs_of_job(indexed, TRAIN, added) == [JobRun(XP1, SECOND, JobState.UNSCHEDULED, {})]


def test_deleted_run_is_not_told(indexed: WorkspaceLayout) -> None:
    shutil.rmtree(indexed.experiment(XP1).run(FIRST).path)
    assert [run.run_id for run in index.list_runs(indexed, XP1)] == [SECOND]
    assert index.runs_of_job(indexed, TRAIN, JOB) == RUNS[1:]


def test_orphan_is_in_no_run(indexed: WorkspaceLayout) -> None:
    assert index.runs_of_job(indexed, TRAIN, JobId("c3" * 32)) == []


def test_run_is_recorded_without_reading_the_others(
    indexed: WorkspaceLayout, add_run: AddRun, files_read: list[RunDirectory]
) -> None:
    third = add_run("xp1", "20260103_000000", {(TRAIN, JOB): DONE})
    assert index.record_run(indexed, XP1, third.run_id)
    assert index.list_runs(indexed, XP1) == views.list_runs(indexed, XP1)
    assert files_read == [third]


def test_recording_a_run_creates_the_index_and_forgets_deleted_runs(indexed: WorkspaceLayout) -> None:
    layout = indexed
    layout.database.unlink()
    assert index.record_run(layout, XP1, FIRST)
    shutil.rmtree(layout.experiment(XP1).run(FIRST).path)
    assert index.record_run(layout, XP1, SECOND)
    with closing(sqlite3.connect(layout.database)) as connection:
        assert connection.execute("SELECT run FROM runs").fetchall() == [(SECOND,)]
        assert connection.execute("SELECT run, job FROM jobs").fetchall() == [(SECOND, JOB)]
