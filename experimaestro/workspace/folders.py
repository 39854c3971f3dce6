"""Folders attached to a workspace: results that are looked up elsewhere, copied there, or moved there.

A job has the same place in a folder as in a workspace, ``jobs/<task>/<id>``. What is on its way to a place stands
beside it as ``.tmp.<id>``, and takes the place in one step once it is complete. So a process killed at any instant
leaves a complete copy, and leftovers that `mend` removes, or puts back.
"""

from __future__ import annotations

import contextlib
import os
import re
import time
from collections.abc import Generator, Iterable, Sequence
from contextlib import ExitStack, contextmanager
from enum import Enum
from pathlib import Path
from typing import Final, NamedTuple, assert_never

from experimaestro._files import FileLock
from experimaestro._types import FolderMode, JobId, JobState, TaskId
from experimaestro.exceptions import HandledException
from experimaestro.workspace.copies import copy_job, have_same_content, remove, sync_directory
from experimaestro.workspace.exchange import exchange
from experimaestro.workspace.layout import JobDirectory, WorkspaceLayout
from experimaestro.workspace.records import job_outcome

PATIENCE: Final = 60.0
"""Seconds to wait for who works in the directory of a job of a folder."""

_POLLING: Final = 0.1
_LEFTOVER: Final = re.compile(r"\.(?:tmp|old)\.([0-9a-f]{64})")


class BusyError(HandledException):
    """Someone else works on a job."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is held by another process")


class OccupiedError(HandledException):
    """The place of a job in a folder is taken."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path} {reason}")


class Folder(NamedTuple):
    """A directory attached to a workspace."""

    layout: WorkspaceLayout
    mode: FolderMode

    def job(self, job: JobDirectory) -> JobDirectory:
        """The place of a job."""
        return self.layout.job(job.task_id, job.job_id)


class Place(Enum):
    """What stands where the directory of a job may be."""

    MISSING = "missing"
    """Nothing, or a directory where nothing was written yet."""
    UNFINISHED = "unfinished"
    FINISHED = "finished"


class Repair(Enum):
    """What is done about a leftover."""

    RECALL_STAGED = "recall staged"
    RECALL_ASIDE = "recall aside"
    REMOVE_STAGED = "remove staged"
    REMOVE_ASIDE = "remove aside"


def is_finished(job: JobDirectory) -> bool:
    """Whether a directory holds the result of a job."""
    return job_outcome(job) is JobState.DONE


# Deciding


def best(folders: Sequence[Folder]) -> Folder | None:
    """The folder to take a result from, of those that have it: a link is enough where results are moved to."""
    return next((folder for folder in folders if folder.mode is FolderMode.MOVE), next(iter(folders), None))


def repairs(place: Place, *, staged: Place, aside: Place) -> list[Repair]:
    """What to do when a process was killed.

    :param staged: what was on its way to the place or, once the two are exchanged, what stood there before.
    :param aside: what stood there before, where they cannot be exchanged.
    """
    recalled: list[Repair] = []
    if place is not Place.FINISHED:
        if aside is Place.FINISHED:
            recalled, aside = [Repair.RECALL_ASIDE], Place.MISSING
        elif staged is Place.FINISHED:
            recalled, staged = [Repair.RECALL_STAGED], Place.MISSING
        elif place is Place.MISSING and aside is Place.UNFINISHED:
            recalled, aside = [Repair.RECALL_ASIDE], Place.MISSING
    removed = [Repair.REMOVE_STAGED] if staged is not Place.MISSING else []
    return recalled + removed + ([Repair.REMOVE_ASIDE] if aside is not Place.MISSING else [])


def leftovers(names: Iterable[str]) -> list[JobId]:
    """The jobs of which something stands beside their place, from the names in the directory of a task."""
    found = (_LEFTOVER.fullmatch(name) for name in names)
    return sorted({JobId(match[1]) for match in found if match is not None})


# Doing


def where(job: JobDirectory, folders: Sequence[Folder]) -> Folder | None:
    """The folder to take the result of a job from; None when no folder has it."""
    return best([folder for folder in folders if is_finished(folder.job(job))])


def restore(job: JobDirectory, folder: Folder, *, patience: float) -> None:
    """Brings back a job that a folder has: a link to where results are moved to, else a copy.

    Raises OSError, BusyError when another process works on the job for so many seconds.
    """
    if job.path.is_symlink() and not job.path.exists():
        with contextlib.suppress(OSError):  # another process has just done it
            job.path.unlink()
    job.path.mkdir(parents=True, exist_ok=True)
    with _held(job.lock, patience=patience), _staging(job):
        _mend(job)
        if not is_finished(job):
            if folder.mode is FolderMode.MOVE:
                _stage_link(job, folder.job(job))
            else:
                copy_job(folder.job(job), _staged(job), is_durable=False)
            _take_place(job, _staged(job))


def archive(job: JobDirectory, folder: Folder) -> None:
    """Copies a finished job to a folder, unless it is there; where results are moved to, leaves a link.

    Raises OSError, OccupiedError, BusyError.
    """
    target = folder.job(job)
    leaves_link = folder.mode is FolderMode.MOVE and not job.path.is_symlink()
    if not leaves_link and is_finished(target) and not _is_same(job, target):
        return
    with ExitStack() as stack:
        if not job.path.is_symlink():  # what a link leads to is in no danger, and perhaps not ours
            stack.enter_context(_held(job.lock, patience=None))
            with _staging(job):
                _mend(job)
        _archive(job, target, leaves_link=leaves_link)


def _archive(job: JobDirectory, target: JobDirectory, *, leaves_link: bool) -> None:
    if not is_finished(job):
        raise OccupiedError(job.path, "is not a finished job any more")
    if job.path.is_symlink() and _is_same(job, target):
        return
    _check_distinct(job, target)
    is_new = _store(job, target)
    if leaves_link:
        if not is_new and not have_same_content(job, target):
            raise OccupiedError(target.path, f"holds another result than {job.path}: remove one of them")
        _leave_link(job, target)


def _store(job: JobDirectory, target: JobDirectory) -> bool:
    """Makes the copy; returns False when there is one already."""
    target.path.parent.mkdir(parents=True, exist_ok=True)
    with _staging(target), ExitStack() as stack:
        if is_finished(target):
            return False
        if _place(target) is Place.UNFINISHED:
            raise OccupiedError(target.path, "exists, and is not a finished job")
        if target.path.exists():
            stack.enter_context(_held(target.lock, patience=PATIENCE))
        _mend(target)
        if is_finished(target):
            return False
        copy_job(job, _staged(target), is_durable=True)
        _take_place(target, _staged(target))
    return True


def _leave_link(job: JobDirectory, target: JobDirectory) -> None:
    with _held(target.lock, patience=PATIENCE), _staging(job):  # it could be about to be moved here
        if not is_finished(target):
            raise OccupiedError(target.path, "is not a finished job any more")
        _check_distinct(job, target)
        _stage_link(job, target)
        _take_place(job, _staged(job))


def _check_distinct(job: JobDirectory, target: JobDirectory) -> None:
    if _is_same(job, target):
        raise OccupiedError(target.path, f"is the same directory as {job.path}: it is no copy")


def _stage_link(job: JobDirectory, target: JobDirectory) -> None:
    _staged(job).symlink_to(target.path, target_is_directory=True)


def _take_place(job: JobDirectory, new: Path) -> None:
    """Puts a directory or a link in the place of a job, and removes what stood there."""
    former = new
    if not os.path.lexists(job.path):
        new.rename(job.path)
    elif not exchange(new, job.path):
        former = _aside(job)
        job.path.rename(former)
        new.rename(job.path)
    sync_directory(job.path.parent)
    remove(former, job.name)


# After a crash


def sweep(layout: WorkspaceLayout) -> None:
    """Mends all that processes which were killed left in a workspace or a folder; others at work are left alone.

    Raises OSError.
    """
    for task in _names(layout.jobs):
        for job_id in leftovers(_names(layout.jobs / task)):
            with contextlib.suppress(BusyError):
                mend(layout.job(TaskId(task), job_id))


def mend(job: JobDirectory) -> None:
    """Mends what a process that was killed left beside a job.

    Raises OSError, BusyError.
    """
    with ExitStack() as stack:
        if job.path.is_dir() and not job.path.is_symlink():
            stack.enter_context(_held(job.lock, patience=0))
        stack.enter_context(_staging(job, patience=0))
        _mend(job)


def _mend(job: JobDirectory) -> None:
    staged, aside = _staged(job), _aside(job)
    for repair in repairs(_place(job), staged=_leftover(staged, job.name), aside=_leftover(aside, job.name)):
        match repair:
            case Repair.RECALL_STAGED:
                _recall(job, staged)
            case Repair.RECALL_ASIDE:
                _recall(job, aside)
            case Repair.REMOVE_STAGED:
                remove(staged, job.name)
            case Repair.REMOVE_ASIDE:
                remove(aside, job.name)
            case _:
                assert_never(repair)


def _recall(job: JobDirectory, path: Path) -> None:
    """Puts a directory back in the place of a job that has no result."""
    if os.path.lexists(job.path) and exchange(path, job.path):
        remove(path, job.name)
    else:
        remove(job.path, job.name)
        path.rename(job.path)


def _place(job: JobDirectory) -> Place:
    found = _leftover(job.path, job.name)
    is_empty = found is Place.UNFINISHED and job.path.is_dir() and set(_names(job.path)) <= {job.lock.name}
    return Place.MISSING if is_empty else found


def _leftover(path: Path, name: str) -> Place:
    if not os.path.lexists(path):
        return Place.MISSING
    return Place.FINISHED if is_finished(JobDirectory(path, name)) else Place.UNFINISHED


def _is_same(job: JobDirectory, other: JobDirectory) -> bool:
    return other.path.exists() and job.path.exists() and job.path.samefile(other.path)


def _staged(job: JobDirectory) -> Path:
    return job.path.with_name(f".tmp.{job.job_id}")


def _aside(job: JobDirectory) -> Path:
    return job.path.with_name(f".old.{job.job_id}")


# Locks


@contextmanager
def _staging(job: JobDirectory, *, patience: float | None = None) -> Generator[None]:
    """Holds what stands beside a job; the lock leaves no file."""
    path = job.path.with_name(f".tmp.{job.job_id}.lock")
    with _held(path, patience=patience):
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


@contextmanager
def _held(path: Path, *, patience: float | None) -> Generator[None]:
    """Holds a lock; None to wait as long as its holder lives, since a lock goes with its holder.

    Raises BusyError, OSError.
    """
    lock = _acquire(path, patience)
    try:
        yield
    finally:
        lock.release()


def _acquire(path: Path, patience: float | None) -> FileLock:
    deadline = None if patience is None else time.monotonic() + patience
    while True:
        lock = FileLock(path)
        if lock.acquire(blocking=False):
            if _is_current(lock, path):
                return lock
            lock.release()
        elif deadline is not None and time.monotonic() >= deadline:
            raise BusyError(path)
        else:
            time.sleep(_POLLING)


def _is_current(lock: FileLock, path: Path) -> bool:
    """Whether the file that was locked still has its name: it may have gone with a directory, or been removed."""
    try:
        return os.path.samestat(os.fstat(lock.fileno()), path.stat())
    except FileNotFoundError:
        return False


def _names(path: Path) -> list[str]:
    try:
        return sorted(os.listdir(path))  # noqa: PTH208  # names, not paths
    except (FileNotFoundError, NotADirectoryError):
        return []
