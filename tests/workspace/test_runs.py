"""The records of one run of an experiment."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experimaestro._types import ExperimentId, JobFailureStatus, JobId, JobState, RunId, TaskId, TransientMode
from experimaestro.workspace import runs, summaries
from experimaestro.workspace.environment import (
    EditablePackage,
    GitState,
    RunEnvironment,
    RunTimes,
    read_environment,
    write_environment,
)
from experimaestro.workspace.layout import RunDirectory, SummaryDirectory, WorkspaceLayout
from experimaestro.workspace.records import LocalTime
from experimaestro.workspace.runs import JobEntry, RunState, RunStatus, Standing
from experimaestro.workspace.summaries import RunSummary, runs_to_delete

START, END = LocalTime("2026-11-21T01:47:45.386900"), LocalTime("2026-11-21T01:47:50.276471")
XP1 = ExperimentId("xp1")


@pytest.fixture
def run(tmp_path: Path) -> RunDirectory:
    directory = RunDirectory(tmp_path / "experiments/xp1/20261121_014745")
    directory.path.mkdir(parents=True)
    return directory


def newest(layout: WorkspaceLayout) -> RunDirectory:
    return layout.experiment(XP1).runs()[-1]


def test_status_is_read_as_written(run: RunDirectory) -> None:
    status = RunStatus(
        XP1,
        run.run_id,
        RunState.FAILED,
        "vm",
        START,
        END,
        job_states={
            JobId("a"): Standing(JobState.ERROR, JobFailureStatus.TIMEOUT),
            JobId("b"): Standing(JobState.DONE),
        },
        services={"s": {"service_id": "s"}},
        actions={"a": {"action_id": "a"}},
        run_tags=("best", "paper"),
        last_updated=END,
        extra={"carbon_impact": {"sum": 1}},
    )
    runs.write_run_status(run, status)
    assert runs.read_run_status(run) == status


def test_status_says_done_of_a_completed_run(run: RunDirectory) -> None:
    failure = Standing(JobState.ERROR, JobFailureStatus.DEPENDENCY)
    runs.write_run_status(run, RunStatus(XP1, run.run_id, RunState.COMPLETED, job_states={JobId("a"): failure}))
    written = json.loads(run.status.read_text())
    assert (written["version"], written["status"]) == (1, "done")
    assert written["job_states"] == {"a": "error:DEPENDENCY"}


def test_status_of_release_2_7_is_read_and_nothing_of_it_is_lost(release_2_7: WorkspaceLayout) -> None:
    run = newest(release_2_7)
    before = json.loads(run.status.read_text())
    status = runs.read_run_status(run)
    assert status is not None
    assert (status.status, status.hostname, len(status.job_states)) == (RunState.COMPLETED, "vm", 2)
    runs.write_run_status(run, status)
    assert json.loads(run.status.read_text()) == before


@pytest.mark.parametrize("content", ["", '{"status": "do'])
def test_status_cut_short_is_absent(run: RunDirectory, content: str) -> None:
    run.status.write_text(content)
    assert runs.read_run_status(run) is None


@given(st.builds(Standing, st.sampled_from(JobState), st.none() | st.sampled_from(JobFailureStatus)))
def test_standing_is_read_as_written(standing: Standing) -> None:
    assert runs.parse_standing(runs.format_standing(standing)) == standing


@pytest.mark.parametrize("word", ["transient", "", None, 3])
def test_unknown_standing_is_that_of_a_job_not_to_be_run(word: object) -> None:
    assert runs.parse_standing(word) == Standing(JobState.UNSCHEDULED)


def test_environment_is_read_as_written(run: RunDirectory) -> None:
    git = GitState("c" * 40, "c" * 7, None, True, "Subject", "Ada <a@b.c>", "2026-01-01T00:00:00+01:00")
    environment = RunEnvironment(
        "3.11.7",
        {"attrs": "23.2.0"},
        {"mine": EditablePackage("0.1", "/src/mine", git), "other": EditablePackage("0.2", "/src/other")},
        RunTimes("vm", START, END, RunState.DETACHED),
        [git._replace(path="/src/mine")],
        {"of a later release": 1},
    )
    write_environment(run, environment)
    assert read_environment(run) == environment


def test_environment_has_the_keys_of_release_2_7(run: RunDirectory) -> None:
    write_environment(run, RunEnvironment("3.11.7", run=RunTimes("vm", START, status=RunState.COMPLETED)))
    assert json.loads(run.environment.read_text()) == {
        "python_version": "3.11.7",
        "packages": {},
        "editable_packages": {},
        "run": {"hostname": "vm", "started_at": START, "ended_at": None, "status": "completed"},
    }


def test_environment_of_release_2_7_is_read(release_2_7: WorkspaceLayout) -> None:
    environment = read_environment(newest(release_2_7))
    assert environment is not None
    assert environment.packages == {"attrs": "23.2.0"}
    assert environment.run == RunTimes("vm", START, None, RunState.COMPLETED)


def test_jobs_are_read_as_written(run: RunDirectory) -> None:
    tags = {"lr": 0.1, "n": 2, "name": "x", "on": True, "none": None}
    entries = [
        JobEntry(TaskId("a"), JobId("1"), tags, 12.5),
        JobEntry(TaskId("b"), JobId("2"), {}, 13.5, TransientMode.REMOVE),
    ]
    runs.append_jobs(run, entries[:1])
    runs.append_jobs(run, entries[1:])
    assert list(runs.read_jobs(run)) == entries


def test_jobs_are_written_as_release_2_7_does(run: RunDirectory) -> None:
    runs.append_jobs(run, [JobEntry(TaskId("tasks.a"), JobId("1"), {"x": 1}, 12.5)])
    assert run.jobs_jsonl.read_text() == '{"job_id": "1", "task_id": "tasks.a", "tags": {"x": 1}, "timestamp": 12.5}\n'


def test_job_listed_twice_counts_once(run: RunDirectory) -> None:
    entry = JobEntry(TaskId("a"), JobId("1"), {"x": 1}, 1.0)
    runs.append_jobs(run, [entry, entry._replace(tags={"x": 2})])
    assert [found.tags for found in runs.read_jobs(run)] == [{"x": 2}]


def test_lines_that_are_no_jobs_are_left_out(run: RunDirectory) -> None:
    runs.append_jobs(run, [JobEntry(TaskId("a"), JobId("1"))])
    with run.jobs_jsonl.open("a") as file:
        file.write('[]\n{"job_id": "2"}\n{"job_id": "3", "task_')
    assert [entry.job_id for entry in runs.read_jobs(run)] == ["1"]


def test_tag_that_is_no_scalar_is_shown_as_json() -> None:
    assert runs.parse_tags({"sizes": [1, 2]}) == {"sizes": "[1, 2]"}


def test_jobs_of_a_migrated_run_are_its_links(run: RunDirectory, tmp_path: Path) -> None:
    (run.jobs / "tasks.a").mkdir(parents=True)
    (run.jobs / "tasks.a" / "1").symlink_to(tmp_path)
    assert list(runs.read_jobs(run)) == [JobEntry(TaskId("tasks.a"), JobId("1"))]


def test_summary_is_read_as_written(tmp_path: Path) -> None:
    directory = SummaryDirectory(tmp_path / "xp/xp1")
    counts = {JobState.DONE: 2, JobState.ERROR: 1, JobState.WAITING: 4}
    summary = RunSummary(RunId("20261121_014745"), "vm", RunState.RUNNING, START, None, counts, ("best",))
    summaries.write_summary(directory, summary)
    assert summaries.read_summary(directory) == summary


def test_summary_says_it_in_figures(tmp_path: Path) -> None:
    directory = SummaryDirectory(tmp_path / "xp/xp1")
    counts = {JobState.DONE: 2, JobState.ERROR: 1, JobState.WAITING: 0}
    summaries.write_summary(directory, RunSummary(RunId("r"), "vm", RunState.COMPLETED, START, END, counts))
    assert json.loads(directory.informations.read_text()) == {
        "hostname": "vm",
        "run_id": "r",
        "status": "done",
        "started_at": START,
        "ended_at": END,
        "counts": {"done": 2, "error": 1},
        "total_jobs": 3,
        "finished_jobs": 2,
        "failed_jobs": 1,
        "run_tags": [],
    }


@pytest.mark.parametrize("content", ["", "{}", '{"run_id": 3}', "[]"])
def test_summary_that_does_not_tell_its_run_is_absent(tmp_path: Path, content: str) -> None:
    directory = SummaryDirectory(tmp_path)
    directory.informations.write_text(content)
    assert summaries.read_summary(directory) is None


def test_summary_replaces_the_broken_link_of_a_migrated_workspace(tmp_path: Path) -> None:
    (tmp_path / "xp").symlink_to("/experimaestro_v2_migrated_workspace_do_not_use_v1")
    summaries.write_summary(SummaryDirectory(tmp_path / "xp/xp1"), RunSummary(RunId("r")))
    assert (tmp_path / "xp/xp1/informations.json").exists()


def test_run_of_release_2_7_is_summarized(release_2_7: WorkspaceLayout) -> None:
    assert summaries.read_run(newest(release_2_7)) == RunSummary(
        RunId("20261121_014745"), "vm", RunState.COMPLETED, START, END, {JobState.DONE: 1, JobState.ERROR: 1}
    )


def test_environment_tells_that_a_run_was_left() -> None:
    status = RunStatus(XP1, RunId("r"), RunState.COMPLETED)
    environment = RunEnvironment(run=RunTimes(status=RunState.DETACHED))
    assert summaries.summarize(RunId("r"), status, environment).status is RunState.DETACHED


def test_run_without_records_is_summarized(run: RunDirectory) -> None:
    assert summaries.read_run(run) == RunSummary(run.run_id)


D, F, R = RunState.COMPLETED, RunState.FAILED, RunState.RUNNING


def history(*states: RunState | None) -> list[RunSummary]:
    return [RunSummary(RunId(str(number)), status=state) for number, state in enumerate(states)]


@pytest.mark.parametrize(
    ("states", "deleted"),
    [
        ([D, D, D], ["0"]),
        ([F, F, F], ["0", "1"]),
        ([F, D, F], ["0"]),
        ([F, F, D], ["0", "1"]),
        ([D, F, F, D, F], ["1", "2"]),
        ([None, RunState.DETACHED, D], []),
        ([R, R, D], ["0", "1"]),
        ([F, F, R], ["0"]),
        ([D, D, D, R], ["0"]),
    ],
)
def test_history_is_pruned(states: list[RunState | None], deleted: list[str]) -> None:
    runs = history(*states)
    assert runs_to_delete(runs, runs[-1].run_id, max_done=2, max_failed=1) == deleted


def test_present_run_and_tagged_ones_are_never_deleted() -> None:
    runs = history(D, D, D)
    runs[1] = runs[1]._replace(tags=("paper",))
    assert runs_to_delete(runs, RunId("2"), max_done=0, max_failed=0) == ["0"]


def test_runs_of_one_second_are_pruned_by_number() -> None:
    runs = [RunSummary(RunId(f"20260101_000000.{number}"), status=D) for number in (10, 2)]
    assert runs_to_delete(runs, runs[0].run_id, max_done=1, max_failed=1) == ["20260101_000000.2"]


@given(st.lists(st.none() | st.sampled_from(RunState), min_size=1, max_size=10), st.integers(0, 3), st.integers(0, 3))
def test_pruning_again_deletes_nothing_more(states: list[RunState | None], max_done: int, max_failed: int) -> None:
    runs = history(*states)
    current = runs[-1].run_id
    deleted = runs_to_delete(runs, current, max_done=max_done, max_failed=max_failed)
    kept = [run for run in runs if run.run_id not in deleted]
    assert runs_to_delete(kept, current, max_done=max_done, max_failed=max_failed) == []
