"""Folders attached to a workspace: results that are found elsewhere, copied there, or moved there."""

# ruff: noqa: PT012  # leaving the block of an experiment is what raises

from __future__ import annotations

import glob
import json
import logging
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from lab import Faulty, Journal, Step
from shelf import plan
from twins import Switch

from experimaestro import FailedExperiment, RunMode, TransientMode, experiment, load_xp_info
from experimaestro._files import FileLock
from experimaestro._types import FolderMode, JobState
from experimaestro.scheduler import folders
from experimaestro.scheduler.folders import UnarchivedError
from experimaestro.scheduler.register import IdentityCollisionError
from experimaestro.settings import FolderSettings, OwnFolderError, UnknownWorkspaceError, WorkspaceSettings
from experimaestro.workspace.layout import WorkspaceLayout
from experimaestro.workspace.views import list_jobs
from tests.experiment.conftest import Drive, Enter, Eventually

USE, BACKUP, MOVE = FolderMode.USE, FolderMode.BACKUP, FolderMode.MOVE

Attach: TypeAlias = Callable[..., experiment]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "folder"


@pytest.fixture
def attach(workspace: Path, folder: Path) -> Attach:
    """Describes an experiment of the workspace with a folder attached."""

    def describe(mode: FolderMode, name: str = "xp", **options: Any) -> experiment:  # Any: those of `experiment`
        settings = WorkspaceSettings("", workspace, folders=[FolderSettings(folder, mode)])
        return experiment(settings, name, project_paths=[], **options)

    return describe


@pytest.fixture
def filled(folder: Path, journal: Journal) -> Path:
    """The folder is a workspace where the plan was run."""
    with experiment(folder, "former", project_paths=[]):
        plan(journal.path)
    journal.path.unlink()
    return folder


def jobs(path: Path) -> set[str]:
    """The jobs that are done in a directory, as its names tell."""
    return {str(done.parent.relative_to(path / "jobs")) for done in path.glob("jobs/*/*/*.done")}


def contents(path: Path) -> dict[Path, tuple[int, int]]:
    return {each: (each.lstat().st_mtime_ns, each.lstat().st_size) for each in path.rglob("*")}


# use


def test_what_a_folder_has_is_not_run_again(attach: Attach, filled: Path, workspace: Path, journal: Journal) -> None:
    before = contents(filled)
    with attach(USE) as xp:
        [task] = plan(journal.path)
        assert {job.state for job in xp.jobs.values()} <= {JobState.DONE, JobState.UNSCHEDULED}
    assert [job.state for job in xp.jobs.values()] == [JobState.DONE] * 2
    assert journal.lines() == []
    assert task.result.is_relative_to(workspace)
    assert task.result.read_text() == "read 0"
    assert contents(filled) == before


def test_a_job_reads_the_result_that_a_folder_had(attach: Attach, filled: Path, journal: Journal) -> None:
    shutil.rmtree(filled / "jobs/shelf.read")
    with attach(USE):
        [task] = plan(journal.path)
    assert journal.lines() == [("read", 0)]
    assert task.result.read_text() == "read 0"
    assert not (filled / "jobs/shelf.read").exists()


def test_a_job_that_failed_here_is_run_again(attach: Attach, filled: Path, workspace: Path, journal: Journal) -> None:
    [path] = filled.glob("jobs/shelf.write/*")
    here = workspace / "jobs/shelf.write" / path.name
    here.mkdir(parents=True)
    (here / "write.failed").write_text('{"code": 1, "reason": "failed"}')
    with attach(USE):
        plan(journal.path)
    assert journal.lines() == [("write", 0)]


@pytest.mark.parametrize("name", ["former", "{folder}"])
def test_a_former_alternative_workspace_is_used(
    filled: Path, workspace: Path, journal: Journal, home: Path, name: str
) -> None:
    settings = home / ".config/experimaestro/settings.yaml"
    settings.parent.mkdir(parents=True)
    settings.write_text(
        f"workspaces:\n  - {{id: here, path: {workspace}, alt_workspaces: ['{name.format(folder=filled)}']}}\n"
        f"  - {{id: former, path: {filled}}}\n"
    )
    with experiment(workspace, "xp", project_paths=[]) as xp:
        plan(journal.path)
        assert list(xp.alt_jobspaths) == [filled / "jobs"]
    assert journal.lines() == []


def test_an_alternative_workspace_that_nobody_knows_is_refused(workspace: Path) -> None:
    settings = WorkspaceSettings("", workspace, alt_workspaces=["other"])
    with pytest.raises(UnknownWorkspaceError, match="unknown workspace 'other'"), experiment(settings, "xp"):
        pass


def test_a_result_of_another_configuration_is_not_taken(attach: Attach, folder: Path) -> None:
    with experiment(folder, "former", project_paths=[]):
        Switch.C(value=1).submit()
    with attach(USE), pytest.raises(IdentityCollisionError, match=f"recorded in {folder}/jobs/"):
        Switch.C(value=True).submit()


def test_a_dry_run_tells_where_a_result_is(
    attach: Attach, filled: Path, journal: Journal, workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with attach(USE, run_mode=RunMode.DRY_RUN):
        plan(journal.path)
    assert f"[done in {filled}] Simulating shelf.write/" in capsys.readouterr().err
    assert not workspace.exists()


# backup


def test_what_is_done_is_copied_to_a_backup(attach: Attach, folder: Path, workspace: Path, journal: Journal) -> None:
    with attach(BACKUP):
        plan(journal.path)
    assert jobs(folder) == jobs(workspace)
    assert not list(folder.glob("jobs/*/*/*.lock"))
    assert list(folder.glob("jobs/*/*/.experimaestro/status.json"))
    shutil.rmtree(workspace)
    with attach(BACKUP):
        [task] = plan(journal.path)
    assert task.result.read_text() == "read 0"
    assert journal.lines() == [("write", 0), ("read", 0)]


def test_what_was_done_before_a_folder_was_attached_is_copied_too(
    enter: Enter, attach: Attach, folder: Path, workspace: Path, journal: Journal
) -> None:
    with enter():
        plan(journal.path)
    with attach(BACKUP):
        plan(journal.path)
    assert jobs(folder) == jobs(workspace) != set()


def test_what_is_to_be_removed_is_not_copied(attach: Attach, folder: Path, journal: Journal) -> None:
    with attach(BACKUP):
        first = Step.C(number=1, journal=journal.path).submit(transient=TransientMode.REMOVE)
        Step.C(number=2, journal=journal.path, needs=[first]).submit()
    assert journal.numbers("end") == [1, 2]
    assert len(jobs(folder)) == 1


def test_what_succeeded_is_copied_even_if_another_job_fails(
    attach: Attach, folder: Path, journal: Journal, tmp_path: Path
) -> None:
    with pytest.raises(FailedExperiment), attach(BACKUP):
        Step.C(number=1, journal=journal.path).submit()
        Faulty.C(number=2, journal=journal.path, mended=tmp_path / "mended").submit()
    assert {job.split("/")[0] for job in jobs(folder)} == {"lab.step"}


def test_what_cannot_be_copied_is_told_even_if_a_job_fails(
    attach: Attach, folder: Path, journal: Journal, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder.write_text("a file where the folder should be")
    with pytest.raises(FailedExperiment), attach(BACKUP):
        Step.C(number=1, journal=journal.path).submit()
        Faulty.C(number=2, journal=journal.path, mended=tmp_path / "mended").submit()
    assert "that are not in its folders (the jobs are done; the next run tries again):\n  lab.step/" in caplog.text


def test_the_experiment_waits_for_the_copies_and_tells_how_many_are_left(
    attach: Attach,
    eventually: Eventually,
    folder: Path,
    journal: Journal,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Another process that copies the job is played by its lock."""
    monkeypatch.setattr(folders, "INTERVAL", 0.01)
    caplog.set_level(logging.INFO, "xpm.folders")
    xp = attach(BACKUP)

    def release() -> None:
        eventually(lambda: "copying results to folders: 1 of 1 jobs left" in caplog.text)
        lock.release()

    with xp:
        job = Step.C(number=1, journal=journal.path).submit().job
        (folder / "jobs/lab.step").mkdir(parents=True)
        lock = FileLock(folder / "jobs/lab.step" / f".tmp.{job.identifier}.lock")
        lock.acquire(blocking=True)
        releasing = threading.Thread(target=release)
        releasing.start()
    releasing.join()
    assert len(jobs(folder)) == 1


def test_a_folder_that_cannot_be_written_fails_the_run_and_not_the_jobs(
    attach: Attach, folder: Path, workspace: Path, journal: Journal, caplog: pytest.LogCaptureFixture
) -> None:
    folder.write_text("a file where the folder should be")
    xp = attach(BACKUP)
    with pytest.raises(UnarchivedError, match=r"the jobs are done.*\n  shelf\.\w+/\w+ is not in .*: .*Not a dir"), xp:
        plan(journal.path)
    assert len([record for record in caplog.records if record.levelname == "ERROR"]) == 1
    assert len(jobs(workspace)) == 2
    assert json.loads((xp.workdir / "status.json").read_text())["status"] == "done"
    folder.unlink()
    with attach(BACKUP):
        plan(journal.path)
    assert len(jobs(folder)) == 2
    assert len(journal.lines()) == 2


@pytest.mark.parametrize("mode", [BACKUP, MOVE])
def test_a_workspace_is_no_folder_of_its_own(attach: Attach, folder: Path, workspace: Path, mode: FolderMode) -> None:
    settings = WorkspaceSettings("main", workspace, folders=[FolderSettings(workspace, mode)])
    with pytest.raises(OwnFolderError, match=r"workspace 'main': .* is the workspace itself"):
        experiment(settings, "xp").__enter__()
    assert not workspace.exists()


# move


def test_what_is_done_moves_and_a_link_is_left(attach: Attach, folder: Path, workspace: Path, journal: Journal) -> None:
    for _ in range(2):
        with attach(MOVE) as xp:
            [task] = plan(journal.path)
        assert {path.readlink().parts[: len(folder.parts)] for path in workspace.glob("jobs/*/*")} == {folder.parts}
        assert task.result.is_relative_to(workspace)
        assert task.result.read_text() == "read 0"
    assert journal.lines() == [("write", 0), ("read", 0)]
    assert [view.state for view in list_jobs(WorkspaceLayout(workspace))] == [JobState.DONE] * 2
    loaded = load_xp_info(xp.workdir).jobs
    assert sorted(type(each).__xpmtype__.name() for each in loaded.values()) == ["shelf.Read", "shelf.Write"]
    assert len(list(xp.jobspath.glob("*/*/*.done"))) == 2


def test_a_lost_link_is_made_again(attach: Attach, workspace: Path, journal: Journal) -> None:
    with attach(MOVE):
        plan(journal.path)
    [link] = workspace.glob("jobs/shelf.write/*")
    link.unlink()
    with attach(MOVE):
        plan(journal.path)
    assert link.is_symlink()
    assert len(journal.lines()) == 2


def test_removing_a_job_at_the_end_leaves_what_its_link_leads_to(
    attach: Attach, folder: Path, workspace: Path, journal: Journal
) -> None:
    with attach(MOVE):
        Step.C(number=1, journal=journal.path).submit()
    with attach(MOVE):
        Step.C(number=1, journal=journal.path).submit(transient=TransientMode.REMOVE)
    assert not list(workspace.glob("jobs/*/*"))
    assert len(jobs(folder)) == 1


def test_a_moved_job_that_is_not_there_is_told(attach: Attach, folder: Path, journal: Journal) -> None:
    """Its disk may not be mounted: running it again would be a waste, or a danger."""
    with attach(MOVE):
        plan(journal.path)
    shutil.rmtree(folder)
    with pytest.raises(FailedExperiment, match=r"is a link to .*, which is not there"), attach(MOVE):
        plan(journal.path)
    assert len(journal.lines()) == 2


# Several processes


@pytest.mark.parametrize("mode", [BACKUP, MOVE])
def test_two_drivers_archive_the_same_jobs(
    drive: Drive, workspace: Path, folder: Path, journal: Journal, mode: FolderMode
) -> None:
    drivers = [drive("shelf.py", workspace, folder, mode.value, journal.path, name) for name in ("one", "two")]
    outcomes = [(driver.communicate(timeout=60), driver.returncode) for driver in drivers]
    assert outcomes == [(("", ""), 0)] * 2
    assert len(journal.lines()) == 8
    assert jobs(workspace) == jobs(folder)
    assert not [tmp for path in (workspace, folder) for tmp in path.glob("jobs/*/.*")]
    assert {path.is_symlink() for path in workspace.glob("jobs/*/*")} == {mode is MOVE}


SIGNS = ["jobs/*/.tmp.*[!k]", "jobs/*/.tmp.*/*.done", "jobs/__main__.write/*", "jobs/__main__.read/*"]


@pytest.mark.parametrize("sign", SIGNS)
def test_a_driver_killed_while_it_moves_loses_nothing(
    drive: Drive, eventually: Eventually, workspace: Path, folder: Path, journal: Journal, sign: str
) -> None:
    arguments = ["shelf.py", workspace, folder, MOVE.value, journal.path, "xp"]
    driver = drive(*arguments)
    eventually(lambda: glob.glob(sign, root_dir=folder) or driver.poll() is not None)  # noqa: PTH207  # Path.glob minds what vanishes
    driver.kill()
    driver.wait()
    again = drive(*arguments)
    assert (again.communicate(timeout=60), again.returncode) == (("", ""), 0)
    assert sorted(journal.numbers("write")) == sorted(journal.numbers("read")) == [0, 1, 2, 3]
    assert len(jobs(folder)) == 8
    assert all(path.is_symlink() for path in workspace.glob("jobs/*/*"))
    assert not [tmp for path in (workspace, folder) for tmp in path.glob("jobs/*/.*")]


def test_an_interrupted_experiment_leaves_the_copies_to_the_next_run(
    attach: Attach, folder: Path, workspace: Path, journal: Journal
) -> None:
    with pytest.raises(KeyboardInterrupt), attach(BACKUP) as xp:
        plan(journal.path)
        raise KeyboardInterrupt
    assert xp.jobs
    with attach(BACKUP):
        plan(journal.path)
    assert jobs(folder) == jobs(workspace)
    assert {job.split("/")[0] for job in jobs(folder)} == {"shelf.read", "shelf.write"}
