"""Small workspaces, written by hand."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from experimaestro._types import ExperimentId, JobId, JobState, RunId, TaskId
from experimaestro.workspace.layout import JobDirectory, RunDirectory, WorkspaceLayout
from experimaestro.workspace.records import LocalTime
from experimaestro.workspace.runs import JobEntry, RunState, RunStatus, Standing, Tags, append_jobs, write_run_status


@pytest.fixture
def layout(tmp_path: Path) -> WorkspaceLayout:
    return WorkspaceLayout(tmp_path / "ws")


@pytest.fixture
def job(layout: WorkspaceLayout) -> JobDirectory:
    directory = layout.job(TaskId("learn.train"), JobId("ab" * 32))
    directory.path.mkdir(parents=True)
    return directory


@pytest.fixture
def add_run(layout: WorkspaceLayout) -> Callable[..., RunDirectory]:
    """Writes the records of a run: its jobs as (task, id), with the state recorded for each."""

    def add(
        experiment: str,
        run: str,
        jobs: Mapping[tuple[str, str], JobState],
        *,
        status: RunState = RunState.COMPLETED,
        tags: Tags | None = None,
    ) -> RunDirectory:
        directory = layout.experiment(ExperimentId(experiment)).run(RunId(run))
        directory.path.mkdir(parents=True)
        entries = [JobEntry(TaskId(task), JobId(job), tags or {}, float(run[:8])) for task, job in jobs]
        states = {JobId(job): Standing(state) for (_, job), state in jobs.items()}
        started = LocalTime(f"{run[:4]}-{run[4:6]}-{run[6:8]}T00:00:00.000000")
        append_jobs(directory, entries)
        record = RunStatus(ExperimentId(experiment), directory.run_id, status, "vm", started, job_states=states)
        write_run_status(directory, record)
        return directory

    return add


DONE_2_7, FAILED_2_7 = "a9" * 32, "45" * 32


@pytest.fixture
def release_2_7(layout: WorkspaceLayout) -> WorkspaceLayout:
    """What release 2.7.0 leaves of an experiment with a job that is done and one that failed (less unused keys)."""
    run = layout.root / "experiments/xp1/20261121_014745"
    (run / "jobs").mkdir(parents=True)
    (run.parent / "current").symlink_to(run.name)
    lines = [
        {"job_id": job, "task_id": "tasks.a", "tags": {"x": tag}, "timestamp": 1795225665.3960197 + tag}
        for tag, job in enumerate((DONE_2_7, FAILED_2_7))
    ]
    (run / "jobs.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    status = {
        "version": 1,
        "experiment_id": "xp1",
        "run_id": "20261121_014745",
        "status": "done",
        "hostname": "vm",
        "started_at": "2026-11-21T01:47:45.386900",
        "ended_at": "2026-11-21T01:47:50.276471",
        "job_states": {DONE_2_7: "done", FAILED_2_7: "error"},
        "services": {},
        "actions": {},
        "run_tags": [],
        "carbon_impact": {"sum": {"co2_kg": 0.0}},
        "last_updated": "2026-11-21T01:47:50.280741",
    }
    (run / "status.json").write_text(json.dumps(status))
    times = {"hostname": "vm", "started_at": status["started_at"], "ended_at": None, "status": "completed"}
    environment = {"python_version": "3.11.7", "packages": {"attrs": "23.2.0"}, "editable_packages": {}, "run": times}
    (run / "environment.json").write_text(json.dumps(environment))
    for job, marker, content in ((DONE_2_7, "done", ""), (FAILED_2_7, "failed", '{"code": 1, "reason": "failed"}')):
        directory = layout.root / "jobs/tasks.a" / job
        directory.mkdir(parents=True)
        (directory / f"a.{marker}").write_text(content)
    layout.marker.touch()
    return layout
