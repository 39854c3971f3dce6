"""Names that existing code reaches for, and that are views of something else here."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from experimaestro import Config, Param, RunMode, Task, experiment, tag
from experimaestro.core.objects.config import clone
from experimaestro.core.types import ObjectType
from experimaestro.scheduler import Job, JobState, Listener
from experimaestro.scheduler.experiment import cleanup_experiment_history
from experimaestro.scheduler.jobs import JobStateDone, JobStateError
from experimaestro.scheduler.workspace import Workspace
from experimaestro.scheduler.workspace_state_provider import WorkspaceStateProvider
from experimaestro.settings import HistorySettings, Settings, WorkspaceSettings
from experimaestro.taskglobals import Env
from experimaestro.workspace.views import UnknownExperimentError


class Inner(Config):
    size: Param[int]


class Outer(Config):
    inner: Param[Inner]


class Idle(Task):
    number: Param[int]

    def execute(self) -> None:
        """Does nothing."""


def test_a_clone_is_deep_and_can_be_changed() -> None:
    outer = Outer.C(inner=Inner.C(size=tag(3)))
    outer.seal()

    copied = clone(outer)
    copied.inner.size = 4

    assert (outer.inner.size, outer.tags(), copied.tags()) == (3, {"size": 3}, {})


def test_the_register_of_types_can_be_emptied() -> None:
    ObjectType.REGISTERED = {}

    assert Inner.C(size=1).size == 1


@pytest.mark.parametrize(("files", "state"), [([], None), (["t.failed"], "ERROR"), (["t.failed", "t.done"], "DONE")])
def test_the_end_of_a_job_is_read_from_its_directory(files: list[str], state: str | None, tmp_path: Path) -> None:
    for name in files:
        (tmp_path / name).touch()

    assert JobState.from_path(tmp_path, "t") == (JobState[state] if state else None)


def test_the_path_of_the_task_may_be_set_for_the_class(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Env.at(taskpath=tmp_path / "a", wspath=tmp_path):
        assert Env.instance().taskpath == tmp_path / "a"
    monkeypatch.setattr(Env, "taskpath", tmp_path / "b")

    assert (Env.instance().taskpath, Env.instance().slave) == (tmp_path / "b", False)


def test_states_are_instances_of_their_classes() -> None:
    assert isinstance(JobState.DONE, JobStateDone)
    assert not isinstance(JobState.DONE, JobStateError)


def test_a_workspace_is_described_by_two_settings(tmp_path: Path) -> None:
    own = WorkspaceSettings("main", path=tmp_path, env={"A": "1", "B": "1"})

    workspace = Workspace(Settings(env={"B": "0", "C": "0"}), own, run_mode=RunMode.DRY_RUN)

    assert (workspace.path, workspace.run_mode, workspace.workspace_settings) == (tmp_path, RunMode.DRY_RUN, own)
    assert workspace.env == {"A": "1", "B": "1", "C": "0"}


def runs(directory: Path, **states: str) -> None:
    for name, state in states.items():
        run = directory / name.removeprefix("r")
        run.mkdir(parents=True)
        (run / "status.json").write_text(json.dumps({"run_id": run.name, "status": state}))


def test_runs_that_are_too_many_are_removed(tmp_path: Path) -> None:
    runs(tmp_path, r20260101_000000="done", r20260102_000000="failed", r20260103_000000="done")

    removed = cleanup_experiment_history(tmp_path, history=HistorySettings(max_done=1, max_failed=1))

    assert [path.name for path in removed] == ["20260101_000000", "20260102_000000"]
    assert [path.name for path in tmp_path.iterdir()] == ["20260103_000000"]


def test_the_state_of_the_current_run_may_be_told(tmp_path: Path) -> None:
    runs(tmp_path, r20260101_000000="failed", r20260102_000000="running")

    removed = cleanup_experiment_history(
        tmp_path, current_run_id="20260102_000000", current_status="completed", history=HistorySettings()
    )

    assert [path.name for path in removed] == ["20260101_000000"]


@pytest.fixture
def finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> experiment:
    """An experiment with one job."""
    monkeypatch.setenv("HOME", str(tmp_path))
    with experiment(tmp_path / "ws", "xp", project_paths=[]) as xp:
        Idle.C(number=1).submit()
    return xp


def test_runs_of_a_workspace_are_found(finished: experiment, tmp_path: Path) -> None:
    provider = WorkspaceStateProvider(tmp_path / "ws")

    assert provider.get_current_run("xp") == finished.run_id
    assert [task.number for task in provider.load_xp_info("xp").jobs.values()] == [1]
    assert list(provider.load_xp_info("xp", run_id=finished.run_id).jobs) == list(finished.jobs)


def test_an_unknown_experiment_has_no_run(tmp_path: Path) -> None:
    provider = WorkspaceStateProvider(tmp_path)

    assert provider.get_current_run("xp") is None
    with pytest.raises(UnknownExperimentError):
        provider.load_xp_info("xp")


def test_a_job_lets_its_experiment_be_listened_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    told: list[JobState] = []

    class Told(Listener):
        def job_state(self, job: Job) -> None:
            told.append(job.state)

    with experiment(tmp_path / "ws", "xp", project_paths=[]) as xp:
        Idle.C(number=1).submit()
        [job] = xp.jobs.values()
        job.scheduler.addlistener(Told())
        Idle.C(number=2).submit()

    assert told[-1] is JobState.DONE
