"""Where everything stands."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experimaestro._types import ExperimentId, JobId, RunId, TaskId
from experimaestro.workspace.layout import ExperimentDirectory, JobDirectory, WorkspaceLayout, run_order

NOW = datetime(2026, 11, 21, 1, 47, 45)


@pytest.mark.parametrize(
    ("name", "relative"),
    [
        ("params", "params.json"),
        ("script", "train.py"),
        ("batch_script", "train.sh"),
        ("stdout", "train.out"),
        ("stderr", "train.err"),
        ("done", "train.done"),
        ("failed", "train.failed"),
        ("pid", "train.pid"),
        ("lock", "train.lock"),
        ("state", ".experimaestro"),
        ("status", ".experimaestro/status.json"),
        ("events", ".experimaestro/events"),
        ("task_outputs", ".experimaestro/task-outputs.jsonl"),
        ("document", ".experimaestro/identity.json"),
    ],
)
def test_files_of_a_job(name: str, relative: str) -> None:
    job = WorkspaceLayout(Path("/ws")).job(TaskId("learn.train"), JobId("ab" * 32))
    assert getattr(job, name) == Path("/ws/jobs/learn.train") / ("ab" * 32) / relative


def test_directory_of_a_job_tells_which_job() -> None:
    job = WorkspaceLayout(Path("/ws")).job(TaskId("learn.train"), JobId("ab" * 32))
    assert (job.task_id, job.job_id, job.name) == ("learn.train", "ab" * 32, "train")


def test_job_without_package_has_the_name_of_its_task() -> None:
    assert WorkspaceLayout(Path("/ws")).job(TaskId("train"), JobId("ab" * 32)).done.name == "train.done"


def test_files_of_a_workspace() -> None:
    layout = WorkspaceLayout(Path("/ws"))
    run = layout.experiment(ExperimentId("xp")).run(RunId("20260101_000000"))
    shown = [
        layout.marker,
        layout.database,
        layout.partial(TaskId("learn.train"), "model", "cd"),
        layout.summary(ExperimentId("xp")).jobs_bak,
        layout.experiment(ExperimentId("xp")).lock,
        run.objects_jsonl,
        run.data("default"),
    ]
    assert [str(path.relative_to("/ws")) for path in shown] == [
        ".__experimaestro__",
        ".experimaestro/workspace.db",
        "partials/learn.train/model/cd",
        "xp/xp/jobs.bak",
        "experiments/xp/lock",
        "experiments/xp/20260101_000000/objects.jsonl",
        "experiments/xp/20260101_000000/data/default",
    ]


@pytest.fixture
def experiment(tmp_path: Path) -> ExperimentDirectory:
    return ExperimentDirectory(tmp_path)


def test_runs_are_real_run_directories_by_age(experiment: ExperimentDirectory) -> None:
    for name in ("20260102_000000", "20260101_000000.10", "20260101_000000.2", "20260101_000000", "dry-run", "notes"):
        (experiment.path / name).mkdir()
    (experiment.path / "20260103_000000").touch()
    (experiment.path / "20260104_000000").symlink_to("20260102_000000")
    experiment.current.symlink_to("20260102_000000")
    assert [run.run_id for run in experiment.runs()] == [
        "20260101_000000",
        "20260101_000000.2",
        "20260101_000000.10",
        "20260102_000000",
    ]


def test_experiment_that_never_ran_has_no_run(tmp_path: Path) -> None:
    assert ExperimentDirectory(tmp_path / "absent").runs() == []


def test_run_is_named_after_its_second(experiment: ExperimentDirectory) -> None:
    assert experiment.new_run_id(NOW) == "20261121_014745"


def test_runs_of_one_second_are_numbered_even_when_the_first_is_deleted(experiment: ExperimentDirectory) -> None:
    for expected in ("20261121_014745", "20261121_014745.1", "20261121_014745.2"):
        assert experiment.new_run_id(NOW) == expected
        experiment.run(RunId(expected)).path.mkdir()
    experiment.run(RunId("20261121_014745")).path.rmdir()
    assert experiment.new_run_id(NOW) == "20261121_014745.3"


@given(st.integers(0, 200), st.integers(0, 200))
def test_order_of_runs_is_that_of_their_numbers(first: int, second: int) -> None:
    one, other = (RunId(f"20261121_014745.{number}" if number else "20261121_014745") for number in (first, second))
    assert (run_order(one) < run_order(other)) is (first < second)


def test_job_directory_is_made_from_a_script_too() -> None:
    assert JobDirectory(Path("/ws/jobs/learn.train/ab"), "train") == WorkspaceLayout(Path("/ws")).job(
        TaskId("learn.train"), JobId("ab")
    )
