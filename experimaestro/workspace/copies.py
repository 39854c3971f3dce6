"""Copies of the directory of a finished job.

The marker of its success is the last file that is copied, and the first that is removed: a directory that has it is
complete.
"""

from __future__ import annotations

import contextlib
import filecmp
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from experimaestro.workspace.layout import JobDirectory

_LEFT_OUT: Final = (".lock", ".scheduler")
"""What release 2.7 leaves in directories while it works on them."""


class Entry(NamedTuple):
    """A file or a link of a job."""

    size: int
    link: str | None
    """Where a link leads."""


def is_copied(name: str, job: str) -> bool:
    """Whether an entry of the directory of a job goes with it: not what belongs to its process.

    What a task writes is its result, whatever its name.

    :param job: the stem of the files of the job.
    """
    return name not in (*_LEFT_OUT, f"{job}.lock", f"{job}.pid")


def link_text(text: str, *, directory: str, root: str) -> str:
    """Where a link leads once the directory that holds it is elsewhere: out of the job, to the same place as before.

    :param directory: where the link is, inside `root`, the directory of the job.
    """
    target = os.path.normpath(os.path.join(directory, text))  # noqa: PTH118  # `Path` does not resolve `..`
    is_inside = target == root or target.startswith(f"{root}{os.sep}")
    return text if is_inside or os.path.isabs(text) else target  # noqa: PTH117  # text, as above


class _Copying(NamedTuple):
    root: str
    """The directory of the job."""
    is_durable: bool


def copy_job(job: JobDirectory, destination: Path, *, is_durable: bool) -> None:
    """Copies the directory of a finished job to a new directory. If that fails, nothing is left of it.

    :param is_durable: has it written to the disk before the marker is, for those who give up the original; that takes
        some milliseconds for each file.
    :raises OSError:
    """
    try:
        _copy_job(job, destination, _Copying(str(job.path), is_durable))
    except BaseException:
        remove(destination, job.name)
        raise


def _copy_job(job: JobDirectory, destination: Path, how: _Copying) -> None:
    destination.mkdir()
    entries = [entry for entry in _scan(job.path) if is_copied(entry.name, job.name)]
    markers = _markers(job.name)
    _copy_entries([entry for entry in entries if entry.name not in markers], destination, how)
    _copy_entries([entry for entry in entries if entry.name in markers], destination, how)
    shutil.copystat(job.path, destination)


def _copy_entries(entries: Iterable[os.DirEntry[str]], destination: Path, how: _Copying) -> None:
    for entry in entries:
        _copy(entry, destination / entry.name, how)
    if how.is_durable:
        sync_directory(destination)


def _copy(entry: os.DirEntry[str], destination: Path, how: _Copying) -> None:
    """Copies what holds data: neither sockets nor pipes do."""
    if entry.is_symlink():
        text = os.readlink(entry.path)  # noqa: PTH115  # text: a path would be normalized
        destination.symlink_to(link_text(text, directory=os.path.dirname(entry.path), root=how.root))  # noqa: PTH120
    elif entry.is_dir():
        destination.mkdir()
        _copy_entries(_scan(Path(entry.path)), destination, how)
        shutil.copystat(entry.path, destination)
    elif entry.is_file():
        shutil.copyfile(entry.path, destination)
        if how.is_durable:
            _sync(destination, os.O_RDONLY)
        shutil.copystat(entry.path, destination)


def sync_directory(path: Path) -> None:
    """Has the names of a directory written to the disk, where the file system knows how."""
    with contextlib.suppress(OSError):
        _sync(path, os.O_RDONLY | os.O_DIRECTORY)


def _sync(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove(path: Path, job: str) -> None:
    """Removes a link, or the directory of a job; nothing happens if there is none.

    Raises OSError.
    """
    if path.is_symlink():
        path.unlink()
    elif path.exists():
        for marker in _markers(job):
            (path / marker).unlink(missing_ok=True)
        shutil.rmtree(path)


def have_same_content(first: JobDirectory, second: JobDirectory) -> bool:
    """Whether two directories of a job hold the same files; all of them are read.

    Raises OSError.
    """
    entries = content(first)
    return entries == content(second) and all(
        filecmp.cmp(first.path / name, second.path / name, shallow=False)
        for name, entry in entries.items()
        if entry.link is None
    )


def content(job: JobDirectory) -> Mapping[str, Entry]:
    """The files and links that go with a job, by their path in its directory."""
    return {
        os.path.relpath(entry.path, job.path): _described(entry, str(job.path))
        for top in _scan(job.path)
        if is_copied(top.name, job.name)
        for entry in _walk(top)
    }


def _walk(entry: os.DirEntry[str]) -> Iterator[os.DirEntry[str]]:
    if entry.is_symlink() or entry.is_file():
        yield entry
    elif entry.is_dir():
        for inner in _scan(Path(entry.path)):
            yield from _walk(inner)


def _described(entry: os.DirEntry[str], root: str) -> Entry:
    if not entry.is_symlink():
        return Entry(entry.stat().st_size, None)
    text = os.readlink(entry.path)  # noqa: PTH115  # as above
    return Entry(0, link_text(text, directory=os.path.dirname(entry.path), root=root))  # noqa: PTH120


def _markers(job: str) -> tuple[str, str]:
    return f"{job}.done", f"{job}.failed"  # release 1 wrote 0 to the latter for a success


def _scan(path: Path) -> list[os.DirEntry[str]]:
    with os.scandir(path) as entries:
        return list(entries)
