"""The state of the sources that an experiment runs with."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from experimaestro import DirtyGitAction, DirtyGitError, experiment
from tests.experiment.conftest import Enter


def git(project: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "commit.gpgsign=false"]
    return subprocess.run(
        ["git", *identity, *arguments], cwd=project, check=True, capture_output=True, text=True
    ).stdout.strip()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository with one commit."""
    project = tmp_path / "project"
    project.mkdir()
    git(project, "init", "--initial-branch=trunk")
    (project / "plan.py").write_text("")
    git(project, "add", "plan.py")
    git(project, "commit", "--message", "Plan\n\nMore.")
    return project


def projects(xp: experiment) -> Any:  # Any: JSON
    return json.loads((xp.workdir / "environment.json").read_text()).get("projects")


def test_the_commit_of_a_project_is_recorded(enter: Enter, project: Path) -> None:
    (project / "deep").mkdir()
    with enter(project_paths=[project / "deep", project]) as xp:
        pass
    commit = git(project, "rev-parse", "HEAD")
    [state] = projects(xp)
    assert state.pop("date")
    assert state == {
        "commit": commit,
        "commit_short": commit[:7],
        "branch": "trunk",
        "dirty": False,
        "message": "Plan",
        "author": "Ada <ada@example.org>",
        "path": str(project),
    }


def test_a_detached_head_has_no_branch(enter: Enter, project: Path) -> None:
    git(project, "checkout", "--detach")
    with enter(project_paths=[project]) as xp:
        pass
    assert [state["branch"] for state in projects(xp)] == [None]


def test_a_repository_without_commit_is_no_obstacle(enter: Enter, tmp_path: Path) -> None:
    git(tmp_path, "init", "fresh")
    with enter(project_paths=[tmp_path / "fresh"]) as xp:
        pass
    assert [state["commit"] for state in projects(xp)] == [None]


def test_a_project_without_repository_is_left_out(enter: Enter, tmp_path: Path) -> None:
    with enter(project_paths=[tmp_path]) as xp:
        pass
    assert projects(xp) is None


@pytest.mark.parametrize("change", ["modified", "untracked"])
def test_uncommitted_changes_are_refused_before_anything_is_created(
    enter: Enter, project: Path, workspace: Path, change: str
) -> None:
    (project / {"modified": "plan.py", "untracked": "new.py"}[change]).write_text("x = 1")
    message = rf"uncommitted changes: {project} .*'warn' or 'ignore'"
    with pytest.raises(DirtyGitError, match=message), enter(project_paths=[project], dirty_git=DirtyGitAction.ERROR):
        pass
    assert not workspace.exists()


@pytest.mark.parametrize(("action", "warns"), [(DirtyGitAction.WARN, True), (DirtyGitAction.IGNORE, False)])
def test_uncommitted_changes_are_recorded(
    enter: Enter,
    project: Path,
    caplog: pytest.LogCaptureFixture,
    action: DirtyGitAction,
    warns: bool,
) -> None:
    (project / "plan.py").write_text("x = 1")
    with enter(project_paths=[project], dirty_git=action) as xp:
        pass
    assert [state["dirty"] for state in projects(xp)] == [True]
    assert (f"uncommitted changes: {project}" in caplog.text) == warns


def test_a_clean_project_is_accepted(enter: Enter, project: Path) -> None:
    with enter(project_paths=[project], dirty_git="error") as xp:
        pass
    assert [state["dirty"] for state in projects(xp)] == [False]


def test_the_project_is_where_the_experiment_is_written(
    drive: Callable[..., subprocess.Popen[str]], project: Path, workspace: Path
) -> None:
    (project / "plan.py").write_text(
        f"from experimaestro import experiment\nwith experiment({str(workspace)!r}, 'xp'): pass"
    )
    driver = drive(project / "plan.py")
    _, errors = driver.communicate(timeout=30)
    assert f"uncommitted changes: {project}" in errors
    [environment] = workspace.glob("experiments/xp/*_*/environment.json")
    assert [state["path"] for state in json.loads(environment.read_text())["projects"]] == [str(project)]
