"""Folders attached to a workspace: a killed process leaves a complete copy, whatever it was about to do."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from experimaestro._files import FileLock
from experimaestro._types import FolderMode, JobId, TaskId
from experimaestro.workspace import exchange as exchanges
from experimaestro.workspace import folders
from experimaestro.workspace.copies import content, copy_job, have_same_content, is_copied, link_text, remove
from experimaestro.workspace.exchange import exchange
from experimaestro.workspace.folders import (
    BusyError,
    Folder,
    OccupiedError,
    Place,
    Repair,
    archive,
    best,
    is_finished,
    leftovers,
    mend,
    repairs,
    restore,
    sweep,
    where,
)
from experimaestro.workspace.layout import JobDirectory, WorkspaceLayout

PROGRAM: Final = Path(__file__).parent / "programs" / "killed.py"
TASK: Final = TaskId("learn.train")
ID: Final = JobId("ab" * 32)
USE, BACKUP, MOVE = FolderMode.USE, FolderMode.BACKUP, FolderMode.MOVE
MISSING, UNFINISHED, FINISHED = Place.MISSING, Place.UNFINISHED, Place.FINISHED

FILES: Final = {"train.done": "", "params.json": "{}", ".experimaestro/status.json": "{}", "deep/er/model": "weights"}


def write(job: JobDirectory, **others: str) -> JobDirectory:
    for name, text in {**FILES, **others}.items():
        path = job.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return job


@pytest.fixture
def workspace(tmp_path: Path) -> WorkspaceLayout:
    return WorkspaceLayout(tmp_path / "ws")


@pytest.fixture
def job(workspace: WorkspaceLayout) -> JobDirectory:
    """Where a job may be; nothing is there."""
    return workspace.job(TASK, ID)


@pytest.fixture
def root(tmp_path: Path) -> WorkspaceLayout:
    return WorkspaceLayout(tmp_path / "folder")


def files(path: Path) -> set[str]:
    """What the files of a directory are, by their path in it."""
    return {str(each.relative_to(path)) for each in path.rglob("*") if not each.is_dir()}


# Deciding


@pytest.mark.parametrize(
    ("modes", "chosen"), [([], None), ([USE, BACKUP], USE), ([BACKUP, USE], BACKUP), ([USE, BACKUP, MOVE], MOVE)]
)
def test_a_result_is_taken_from_where_results_are_moved_to_else_from_the_first_folder(
    modes: list[FolderMode], chosen: FolderMode | None, root: WorkspaceLayout
) -> None:
    found = best([Folder(root, mode) for mode in modes])
    assert (found and found.mode) is chosen


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("train.done", True),
        (".experimaestro", True),
        ("train.lock", False),
        ("train.pid", False),
        (".lock", False),
        (".scheduler", False),
        ("uv.lock", True),
        ("server.pid", True),
    ],
)
def test_all_is_copied_but_what_belongs_to_the_process(name: str, expected: bool) -> None:
    assert is_copied(name, "train") is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("model", "model"),
        ("../model", "../model"),
        ("/data/model", "/data/model"),
        ("../../other/model", "/ws/jobs/other/model"),
        ("../../jobber/model", "/ws/jobs/jobber/model"),
    ],
)
def test_a_link_out_of_the_job_leads_where_it_did(text: str, expected: str) -> None:
    assert link_text(text, directory="/ws/jobs/job/deep", root="/ws/jobs/job") == expected


def test_the_leftovers_of_jobs_are_known_by_their_names() -> None:
    names = [f".tmp.{ID}", f".tmp.{ID}.lock", f".old.{'c' * 64}", ID, ".tmp.notes"]
    assert leftovers(names) == [ID, "c" * 64]


@pytest.mark.parametrize(
    ("place", "staged", "aside", "expected"),
    [
        (FINISHED, MISSING, MISSING, []),
        (FINISHED, UNFINISHED, MISSING, [Repair.REMOVE_STAGED]),
        (FINISHED, FINISHED, MISSING, [Repair.REMOVE_STAGED]),
        (FINISHED, MISSING, FINISHED, [Repair.REMOVE_ASIDE]),
        (MISSING, UNFINISHED, MISSING, [Repair.REMOVE_STAGED]),
        (MISSING, FINISHED, MISSING, [Repair.RECALL_STAGED]),
        (MISSING, FINISHED, FINISHED, [Repair.RECALL_ASIDE, Repair.REMOVE_STAGED]),
        (MISSING, FINISHED, UNFINISHED, [Repair.RECALL_STAGED, Repair.REMOVE_ASIDE]),
        (MISSING, MISSING, UNFINISHED, [Repair.RECALL_ASIDE]),
        (UNFINISHED, FINISHED, MISSING, [Repair.RECALL_STAGED]),
        (UNFINISHED, UNFINISHED, UNFINISHED, [Repair.REMOVE_STAGED, Repair.REMOVE_ASIDE]),
    ],
)
def test_what_a_killed_process_left_is_put_back_or_removed(
    place: Place, staged: Place, aside: Place, expected: list[Repair]
) -> None:
    assert repairs(place, staged=staged, aside=aside) == expected


@pytest.mark.parametrize("staged", Place)
@pytest.mark.parametrize("aside", Place)
@pytest.mark.parametrize("place", Place)
def test_no_repair_removes_the_only_complete_copy(place: Place, staged: Place, aside: Place) -> None:
    done = repairs(place, staged=staged, aside=aside)
    kept = {
        "place": place,
        "staged": MISSING if Repair.REMOVE_STAGED in done else staged,
        "aside": MISSING if Repair.REMOVE_ASIDE in done else aside,
    }
    assert (FINISHED in kept.values()) is (FINISHED in (place, staged, aside))


# Copies


def test_a_copy_has_all_files_with_their_dates_modes_and_links(job: JobDirectory, tmp_path: Path) -> None:
    write(job, **{"run.sh": "", "train.lock": "", "train.pid": ""})
    (job.path / "run.sh").chmod(0o755)
    os.utime(job.path / "params.json", (1, 1))
    (job.path / "deep" / "last").symlink_to("er/model")
    (job.path / "input").symlink_to("../other")
    os.mkfifo(job.path / "pipe")
    copy_job(job, tmp_path / "copy", is_durable=True)
    copy = tmp_path / "copy"
    assert files(copy) == {*FILES, "run.sh", "deep/last", "input"}
    assert (copy / "run.sh").stat().st_mode & 0o777 == 0o755
    assert (copy / "params.json").stat().st_mtime == 1
    assert (copy / "deep" / "last").readlink() == Path("er/model")
    assert (copy / "input").readlink() == job.path.with_name("other")


def test_a_copy_that_fails_leaves_nothing(job: JobDirectory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(source: str, destination: Path) -> None:
        raise OSError(28, "No space left on device")

    write(job)
    monkeypatch.setattr(shutil, "copyfile", fail)
    with pytest.raises(OSError, match="No space left"):
        copy_job(job, tmp_path / "copy", is_durable=True)
    assert not (tmp_path / "copy").exists()


def test_a_directory_that_is_being_removed_does_not_look_complete(
    job: JobDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(job)
    monkeypatch.setattr(shutil, "rmtree", lambda path: None)
    remove(job.path, "train")
    assert files(job.path) == FILES.keys() - {"train.done"}


def test_copies_with_other_files_are_not_the_same(job: JobDirectory, root: WorkspaceLayout) -> None:
    write(job)
    other = write(root.job(TASK, ID), **{"train.lock": ""})
    assert have_same_content(job, other)
    (other.path / "deep/er/model").write_text("Weights")
    assert content(job) == content(other)
    assert not have_same_content(job, other)
    (other.path / "more").touch()
    assert content(job) != content(other)


def test_names_change_places_in_one_step(tmp_path: Path) -> None:
    (tmp_path / "directory").mkdir()
    (tmp_path / "link").symlink_to("elsewhere")
    if exchange(tmp_path / "directory", tmp_path / "link"):
        assert (tmp_path / "directory").is_symlink()
    assert {path.name for path in tmp_path.iterdir()} == {"directory", "link"}
    with pytest.raises(FileNotFoundError):
        exchange(tmp_path / "nothing", tmp_path / "link")


def test_a_system_that_cannot_exchange_names_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchanges, "_exchange", lambda first, second: 22)  # EINVAL, of NFS
    assert not exchange(tmp_path / "one", tmp_path / "two")


# Archiving


@pytest.fixture(params=["exchange", "renames"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """How names change places: in one step, or not."""
    if request.param == "renames":
        monkeypatch.setattr(folders, "exchange", lambda first, second: False)
    return str(request.param)


def test_a_backup_is_a_copy(job: JobDirectory, root: WorkspaceLayout) -> None:
    write(job)
    folder = Folder(root, BACKUP)
    archive(job, folder)
    (folder.job(job).path / "params.json").write_text("kept")
    archive(job, folder)
    assert not job.path.is_symlink()
    assert files(root.jobs / TASK) == {f"{ID}/{name}" for name in FILES}
    assert (folder.job(job).path / "params.json").read_text() == "kept"


def test_a_job_that_moves_leaves_a_link(job: JobDirectory, root: WorkspaceLayout, way: str) -> None:
    write(job)
    for _ in range(2):
        archive(job, Folder(root, MOVE))
        assert job.path.readlink() == root.job(TASK, ID).path
    assert (job.path / "deep/er/model").read_text() == "weights"
    assert [path.name for path in job.path.parent.iterdir()] == [ID]


def test_a_moved_job_is_copied_to_the_other_folders(job: JobDirectory, tmp_path: Path) -> None:
    write(job)
    for name, mode in (("a", MOVE), ("b", BACKUP), ("c", MOVE)):
        archive(job, Folder(WorkspaceLayout(tmp_path / name), mode))
    assert [is_finished(WorkspaceLayout(tmp_path / name).job(TASK, ID)) for name in "abc"] == [True] * 3
    assert job.path.resolve().is_relative_to(tmp_path / "a")


def test_a_result_is_not_given_up_for_another_one(job: JobDirectory, root: WorkspaceLayout) -> None:
    write(job, **{"params.json": "mine"})
    write(root.job(TASK, ID), **{"params.json": "older"})
    with pytest.raises(OccupiedError, match=r"holds another result than .*: remove one of them"):
        archive(job, Folder(root, MOVE))
    assert (job.path / "params.json").read_text() == "mine"
    assert (root.job(TASK, ID).path / "params.json").read_text() == "older"


@pytest.mark.parametrize("mode", [BACKUP, MOVE])
def test_the_directory_itself_is_no_copy_of_it(
    job: JobDirectory, root: WorkspaceLayout, mode: FolderMode, tmp_path: Path
) -> None:
    """A loop of links would be the end of the result."""
    write(job)
    root.root.symlink_to(tmp_path / "ws")
    with pytest.raises(OccupiedError, match="is the same directory"):
        archive(job, Folder(root, mode))
    assert files(job.path) == {*FILES, "train.lock"}


def test_an_unfinished_job_of_the_folder_is_left_alone(job: JobDirectory, root: WorkspaceLayout) -> None:
    """The folder may be a workspace where the job runs."""
    write(job)
    (root.job(TASK, ID).path / "checkpoint").mkdir(parents=True)
    with pytest.raises(OccupiedError, match="exists, and is not a finished job"):
        archive(job, Folder(root, MOVE))
    assert is_finished(job)
    assert not job.path.is_symlink()


def test_a_job_that_is_cleaned_meanwhile_is_not_copied(job: JobDirectory, root: WorkspaceLayout) -> None:
    job.path.mkdir(parents=True)
    with pytest.raises(OccupiedError, match="is not a finished job any more"):
        archive(job, Folder(root, BACKUP))


def test_two_workspaces_that_move_to_each_other_keep_the_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folders, "PATIENCE", 0.2)
    layouts = [WorkspaceLayout(tmp_path / name) for name in "ab"]
    jobs = [write(layout.job(TASK, ID)) for layout in layouts]

    def move(number: int) -> None:
        with contextlib.suppress(BusyError, OccupiedError):
            archive(jobs[number], Folder(layouts[1 - number], MOVE))

    threads = [threading.Thread(target=move, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert any(not job.path.is_symlink() for job in jobs)
    assert all(is_finished(job) for job in jobs)


# Restoring


def test_a_folder_is_where_a_finished_job_is_found(job: JobDirectory, tmp_path: Path) -> None:
    attached = [Folder(WorkspaceLayout(tmp_path / name), USE) for name in "abc"]
    assert where(job, attached) is None
    attached[0].job(job).path.mkdir(parents=True)
    write(attached[1].job(job))
    assert where(job, attached) is attached[1]


@pytest.mark.parametrize("mode", [USE, BACKUP])
def test_a_restored_job_is_a_copy_and_the_folder_is_not_written(
    job: JobDirectory, root: WorkspaceLayout, mode: FolderMode
) -> None:
    source = write(root.job(TASK, ID))
    for path in (source.path, source.path.parent, root.jobs):
        path.chmod(0o555)
    before = {path: path.stat().st_mtime_ns for path in root.root.rglob("*")}
    restore(job, Folder(root, mode), patience=0)
    assert {path: path.stat().st_mtime_ns for path in root.root.rglob("*")} == before
    for path in (source.path, source.path.parent, root.jobs, job.path):
        path.chmod(0o755)
    assert files(job.path) == set(FILES)
    assert [path.name for path in job.path.parent.iterdir()] == [ID]


def test_a_job_is_linked_where_results_are_moved_to(job: JobDirectory, root: WorkspaceLayout) -> None:
    write(root.job(TASK, ID))
    restore(job, Folder(root, MOVE), patience=0)
    assert job.path.readlink() == root.job(TASK, ID).path


def test_a_restored_job_replaces_what_an_interrupted_one_left(
    job: JobDirectory, root: WorkspaceLayout, way: str
) -> None:
    write(root.job(TASK, ID))
    job.path.mkdir(parents=True)
    (job.path / "half a checkpoint").touch()
    restore(job, Folder(root, USE), patience=0)
    assert files(job.path) == set(FILES)
    assert [path.name for path in job.path.parent.iterdir()] == [ID]


def test_a_link_that_leads_nowhere_is_replaced(job: JobDirectory, root: WorkspaceLayout, tmp_path: Path) -> None:
    job.path.parent.mkdir(parents=True)
    job.path.symlink_to(tmp_path / "gone")
    write(root.job(TASK, ID))
    restore(job, Folder(root, USE), patience=0)
    assert is_finished(job)


def test_a_job_that_someone_works_on_is_not_restored(job: JobDirectory, root: WorkspaceLayout) -> None:
    write(root.job(TASK, ID))
    job.path.mkdir(parents=True)
    with FileLock(job.lock), pytest.raises(BusyError):
        restore(job, Folder(root, USE), patience=0)
    assert not is_finished(job)


# Killed


def killed(*arguments: object) -> bool:
    """Runs the program; whether it was killed."""
    code = subprocess.run([sys.executable, PROGRAM, *map(str, arguments)], check=False).returncode
    assert code in (0, -signal.SIGKILL)
    return code != 0


def each_instant(prepare: Callable[[], None], check: Callable[[], None], *arguments: str) -> None:
    """Kills the program at each instant at which it changes the disk."""
    instant = 1
    prepare()
    while killed(*arguments[:4], instant, *arguments[4:]):
        check()
        prepare()
        instant += 1
    check()
    assert instant > 10


@pytest.mark.parametrize("mode", [BACKUP, MOVE])
@pytest.mark.parametrize("options", [(), ("renames",)], ids=["exchange", "renames"])
def test_killed_while_it_archives(
    job: JobDirectory, root: WorkspaceLayout, workspace: WorkspaceLayout, mode: FolderMode, options: tuple[str, ...]
) -> None:
    folder = Folder(root, mode)

    def prepare() -> None:
        for layout in (root, workspace):
            shutil.rmtree(layout.root, ignore_errors=True)
        write(job)

    def check() -> None:
        reachable = job if is_finished(job) else folder.job(job)
        assert set(FILES) <= files(reachable.path), "no complete copy can be reached"
        sweep(workspace)
        if not is_finished(job):
            restore(job, folder, patience=0)
        archive(job, folder)
        assert set(FILES) <= files(job.path.resolve())
        assert set(FILES) <= files(folder.job(job).path)
        assert job.path.is_symlink() is (mode is MOVE)
        for place in (job, folder.job(job)):
            assert {path.name for path in place.path.parent.iterdir()} - {f".tmp.{ID}.lock"} == {ID}

    each_instant(prepare, check, "archive", str(workspace.root), str(root.root), mode.value, *options)


@pytest.mark.parametrize("mode", [USE, MOVE])
@pytest.mark.parametrize("options", [(), ("renames",)], ids=["exchange", "renames"])
def test_killed_while_it_restores(
    job: JobDirectory, root: WorkspaceLayout, workspace: WorkspaceLayout, mode: FolderMode, options: tuple[str, ...]
) -> None:
    def prepare() -> None:
        for layout in (root, workspace):
            shutil.rmtree(layout.root, ignore_errors=True)
        write(root.job(TASK, ID))
        job.path.mkdir(parents=True)
        (job.path / "half a checkpoint").touch()

    def check() -> None:
        assert files(root.job(TASK, ID).path) == set(FILES)
        if is_finished(job):
            assert set(FILES) <= files(job.path.resolve())
        if options:
            sweep(workspace)
        restore(job, Folder(root, mode), patience=0)
        assert files(job.path.resolve()) - {"train.lock"} == set(FILES)
        assert {path.name for path in job.path.parent.iterdir()} - {f".tmp.{ID}.lock"} == {ID}

    each_instant(prepare, check, "restore", str(workspace.root), str(root.root), mode.value, *options)


def test_what_others_work_on_is_not_swept(job: JobDirectory, workspace: WorkspaceLayout) -> None:
    staged = job.path.with_name(f".tmp.{ID}")
    (staged / "half").mkdir(parents=True)
    with FileLock(f"{staged}.lock"):
        sweep(workspace)
        with pytest.raises(BusyError):
            mend(job)
    assert staged.exists()
    sweep(workspace)
    assert not staged.exists()
