"""What a run leaves on disk."""

# ruff: noqa: PT012  # leaving the block of an experiment is what raises

from __future__ import annotations

import json
import os
import platform
from pathlib import Path
from typing import Any

import pytest
from lab import Faulty, Journal, Learn, Model, Step

from experimaestro import FailedExperiment, TransientMode, experiment, load_xp_info, tag
from experimaestro.exceptions import HandledException
from experimaestro.settings import FolderSettings, HistorySettings, WorkspaceSettings
from experimaestro.workspace.events import read_progress
from tests.experiment.conftest import Enter


def read(path: Path) -> Any:  # Any: JSON
    return json.loads(path.read_text())


def read_lines(path: Path) -> list[Any]:  # Any: JSON
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.fixture
def run(enter: Enter, journal: Journal, tmp_path: Path) -> experiment:
    """A run with a job that is done, one that failed, one that was not run and one that was not wanted."""
    xp = enter()
    with pytest.raises(FailedExperiment), xp:
        first = Step.C(number=tag(1), journal=journal.path).submit()
        broken = Faulty.C(number=tag(2), journal=journal.path, mended=tmp_path / "mended", needs=[first]).submit()
        Step.C(number=tag(3), journal=journal.path, needs=[broken]).submit()
        Step.C(number=tag(4), journal=journal.path).submit(transient=TransientMode.TRANSIENT)
    return xp


def test_the_environment_of_a_run_is_recorded(run: experiment) -> None:
    environment = read(run.workdir / "environment.json")
    assert environment["python_version"] == platform.python_version()
    assert environment["packages"]["click"][0].isdigit()
    times = environment["run"]
    assert (times["hostname"], times["status"]) == (os.uname().nodename, "failed")
    assert times["started_at"] < times["ended_at"]


def test_the_status_of_a_run_tells_how_each_job_ended(run: experiment) -> None:
    status = read(run.workdir / "status.json")
    assert (status["version"], status["experiment_id"], status["run_id"]) == (1, "xp", run.run_id)
    assert status["status"] == "failed"
    assert list(status["job_states"]) == list(run.jobs)
    assert list(status["job_states"].values()) == ["done", "error:FAILED", "error:DEPENDENCY", "unscheduled"]


def test_the_jobs_of_a_run_are_listed_with_their_tags(run: experiment) -> None:
    assert run.jobs_jsonl_path == run.workdir / "jobs.jsonl"
    entries = read_lines(run.jobs_jsonl_path)
    assert [entry["job_id"] for entry in entries] == list(run.jobs)
    assert [entry["task_id"] for entry in entries] == ["lab.step", "lab.faulty", "lab.step", "lab.step"]
    assert [entry["tags"]["number"] for entry in entries][::3] == [1, 4]
    assert [entry.get("transient") for entry in entries] == [None, None, None, 1]


def test_shared_objects_are_described_once(run: experiment) -> None:
    objects = read_lines(run.workdir / "objects.jsonl")
    assert [item["type"] for item in objects] == ["Step", "Faulty", "Step", "Step"]
    assert [item["identifier"] for item in objects] == list(run.jobs)


def test_links_lead_to_the_jobs_of_the_run(run: experiment, workspace: Path) -> None:
    assert run.jobspath == run.workdir / "jobs"
    links = {path.name: path.resolve() for path in run.jobspath.glob("*/*")}
    assert links == {job.identifier: job.path for job in run.jobs.values()}
    assert (workspace / "experiments/xp/current").readlink() == Path(run.run_id)
    assert (workspace / "xp/xp/jobs").resolve() == run.jobspath


def test_a_summary_stands_where_people_look_first(run: experiment, workspace: Path) -> None:
    summary = read(workspace / "xp/xp/informations.json")
    assert (summary["run_id"], summary["status"]) == (run.run_id, "failed")
    assert (summary["total_jobs"], summary["finished_jobs"], summary["failed_jobs"]) == (4, 1, 2)
    assert summary["counts"] == {"done": 1, "error": 2, "unscheduled": 1}


def test_a_run_can_be_read_back(run: experiment) -> None:
    info = load_xp_info(run.workdir)
    assert info.jobs.keys() == run.jobs.keys()
    numbers = {info.jobs[identifier].number for identifier in run.jobs}
    assert numbers == {1, 2, 3, 4}
    first, broken, *_ = (info.jobs[identifier] for identifier in run.jobs)
    assert broken.needs == [first]


def test_the_links_of_the_previous_run_are_kept(enter: Enter) -> None:
    with enter() as first:
        Learn.C(number=1).submit()
    with enter() as second:
        Learn.C(number=2).submit()
        assert second.jobsbakpath.resolve() == first.jobspath
    assert [path.name for path in second.jobsbakpath.glob("*/*")] == list(first.jobs)
    assert [path.name for path in second.jobspath.glob("*/*")] == list(second.jobs)


def test_a_run_has_a_directory_for_its_results(enter: Enter, workspace: Path) -> None:
    with enter() as xp:
        assert xp.workdir == workspace / "experiments" / "xp" / xp.run_id
        assert xp.resultspath == xp.workdir / "results"
        assert not xp.resultspath.exists()


def test_runs_of_the_same_second_have_different_names(enter: Enter) -> None:
    names: list[str] = []
    for _ in range(4):
        with enter() as xp:
            names.append(xp.run_id)
    assert len(set(names)) == 4


def test_runs_that_are_too_many_are_forgotten(workspace: Path) -> None:
    settings = WorkspaceSettings("", workspace, history=HistorySettings(max_done=2, max_failed=1))
    ids: list[str] = []
    for _ in range(4):
        with experiment(settings, "xp", project_paths=[]) as xp:
            Learn.C(number=1).submit()
        ids.append(xp.run_id)
    assert sorted(path.name for path in (workspace / "experiments/xp").glob("*_*")) == sorted(ids[-2:])
    assert len(list(workspace.glob("jobs/*/*"))) == 1


def test_failed_runs_are_forgotten_once_one_succeeds(
    enter: Enter, journal: Journal, tmp_path: Path, workspace: Path
) -> None:
    mended = tmp_path / "mended"
    for _ in range(2):
        with pytest.raises(FailedExperiment), enter():
            Faulty.C(number=1, journal=journal.path, mended=mended).submit()
    assert len(list(workspace.glob("experiments/xp/*_*"))) == 1
    mended.touch()
    with enter() as xp:
        Faulty.C(number=1, journal=journal.path, mended=mended).submit()
    assert [path.name for path in workspace.glob("experiments/xp/*_*")] == [xp.run_id]


def test_what_one_experiment_saves_another_loads(enter: Enter) -> None:
    for number in (1, 2):
        with enter("first") as first:
            first.save([Model.C(number=number)], "models")
    with enter("second") as xp:
        [model] = xp.load("first", "models")
        assert model.number == 2
        with pytest.raises(HandledException, match="nothing was saved as 'others' by experiment 'first'"):
            xp.load("first", "others")


def test_attached_folders_have_jobs_too(workspace: Path, tmp_path: Path) -> None:
    settings = WorkspaceSettings("", workspace, folders=[FolderSettings(tmp_path / "old")])
    with experiment(settings, "xp", project_paths=[]) as xp:
        assert list(xp.alt_jobspaths) == [tmp_path / "old" / "jobs"]


def test_progress_reaches_the_driver(enter: Enter) -> None:
    with enter() as xp:
        Learn.C(number=1).submit()
    [job] = xp.jobs.values()
    assert [level.progress for level in job.progress] == [1.0]
    assert job.progress == read_progress(job.directory)


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_workspace_that_cannot_be_written_is_named(enter: Enter, workspace: Path) -> None:
    workspace.mkdir(mode=0o500)
    with pytest.raises(HandledException, match=f"cannot use {workspace} as a workspace: .*Permission"), enter():
        pass


def test_a_workspace_that_is_a_file_is_named(enter: Enter, workspace: Path) -> None:
    workspace.touch()
    with pytest.raises(HandledException, match=f"cannot use {workspace} as a workspace: .*directory"), enter():
        pass
    with pytest.raises(AssertionError):
        experiment.current()
