"""Counter tokens that processes share through a directory, in the format of release 2.7.

A token is a number of units; who holds some has a file in `jobs/`. Whoever asks holds `ipc.lock` meanwhile.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from experimaestro import _files
from experimaestro._files import FileLock
from experimaestro._processes import Alive, ProcessIdentity, is_alive
from experimaestro._types import JobId, TaskId
from experimaestro.exceptions import HandledException
from experimaestro.workspace import plain
from experimaestro.workspace.layout import JobDirectory
from experimaestro.workspace.records import job_outcome, read_process

GRACE: Final = 30.0
"""Seconds during which units are held even if no process shows: one may be about to start."""

_LONGEST_NAME: Final = 250


class TokenTooSmallError(HandledException):
    """More units are wanted than a token has: they would be waited for in vain."""

    def __init__(self, name: str, *, total: int, wanted: int) -> None:
        self.name, self.total, self.wanted = name, total, wanted
        super().__init__(f"token {name!r} has {total} units in all: {wanted} cannot be had")


class InvalidTokenCountError(HandledException):
    """The number of units makes no sense."""

    def __init__(self, name: str, count: int, *, least: int) -> None:
        self.name, self.count = name, count
        super().__init__(f"token {name!r}: {count} units (expected {least} or more)")


class UnreadableTokenError(HandledException):
    """The file that tells the total of a token is missing or cut short."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(f'{path}: expected a JSON object {{"total": N}}')


class Holder(NamedTuple):
    """Who holds units of a token."""

    units: int
    job_uri: str
    """Path of the job directory followed by the name of its files."""
    process: Mapping[str, object] | None


class CounterTokenDirectory:
    """The units of one token."""

    def __init__(self, path: Path, *, clock: Callable[[], float] = time.time) -> None:
        self.path = path
        self.name = path.name.removesuffix(".counter")
        self._clock = clock
        self._informations = path / "informations.json"
        self._holders = path / "jobs"

    def __repr__(self) -> str:
        return f"CounterTokenDirectory({str(self.path)!r})"

    def set_total(self, total: int) -> None:
        """Creates the token, or changes its number of units; units that are held stay so.

        Raises InvalidTokenCountError.
        """
        if total < 0:
            raise InvalidTokenCountError(self.name, total, least=0)
        self._holders.mkdir(parents=True, exist_ok=True)
        with self._lock():
            _files.write_json(self._informations, {"total": total})

    def total(self) -> int:
        """Returns the number of units.

        Raises UnreadableTokenError.
        """
        total = plain.integer(plain.load(self._informations) or {}, "total")
        if total is None:
            raise UnreadableTokenError(self._informations)
        return total

    def available(self) -> int:
        """Returns the number of units that nobody holds, by the records: units of the dead are only freed on demand."""
        return max(0, self.total() - self._held())

    def check(self, count: int) -> None:
        """Refuses a number of units that can never be had.

        Raises TokenTooSmallError or InvalidTokenCountError.
        """
        if count < 1:
            raise InvalidTokenCountError(self.name, count, least=1)
        total = self.total()
        if count > total:
            raise TokenTooSmallError(self.name, total=total, wanted=count)

    def try_acquire(self, holder: str, count: int, job_uri: str, process: Mapping[str, object] | None) -> bool:
        """Takes units for a holder (a file name), if they are free once those of the dead are.

        A holder that asks again has its former units replaced. Raises TokenTooSmallError or InvalidTokenCountError.
        """
        self.check(count)
        with self._lock():
            self._reclaim()
            if self.total() - self._held(but=holder) < count:
                return False
            self._write(holder, Holder(count, job_uri, process))
        return True

    def record(self, name: str, holder: Holder) -> None:
        """Writes who holds units, for instance once its process is known: it does not ask whether they are free."""
        with self._lock():
            self._write(name, holder)

    def release(self, holder: str) -> None:
        """Gives units back; nothing happens if the holder has none."""
        (self._holders / holder).unlink(missing_ok=True)

    def _lock(self) -> FileLock:
        return FileLock(self.path / "ipc.lock")

    def _write(self, name: str, holder: Holder) -> None:
        self._holders.mkdir(exist_ok=True)
        value: dict[str, object] = {"job_uri": holder.job_uri, "information": {"count": holder.units}}
        if holder.process is not None:
            value["process"] = dict(holder.process)
        _files.write_json(self._holders / name, value)

    def _held(self, *, but: str | None = None) -> int:
        """A record that can't be read holds everything: it is being written, or will be reclaimed."""
        records = [_parse(found.content) for found in self._records() if found.path.name != but]
        return sum(self.total() if holder is None else holder.units for holder in records)

    def _reclaim(self) -> None:
        now = self._clock()
        for found in self._records():
            if is_abandoned(_parse(found.content), age=now - found.modified):
                found.path.unlink(missing_ok=True)

    def _records(self) -> Iterator[_Record]:
        for path in self._holders.glob("*.json"):
            try:
                yield _Record(path, path.stat().st_mtime, path.read_bytes())
            except FileNotFoundError:  # released meanwhile, which needs no lock
                continue


def holder_name(task_id: TaskId, job_id: JobId) -> str:
    """Returns the file name of a job among the holders; a task identifier too long for a file name is cut."""
    return f"{task_id[: _LONGEST_NAME - 1 - len(job_id)]}@{job_id}.json"


def is_abandoned(holder: Holder | None, *, age: float) -> bool:
    """Tells whether units held for so many seconds are held by nobody any more.

    Whoever takes units says which process it is: when that one is dead, and nobody holds the lock of the job, there is
    nothing to wait for.
    """
    if holder is None:
        return age > GRACE
    job = Path(holder.job_uri)
    directory = JobDirectory(job.parent, job.name)
    records = [record for record in (holder.process, read_process(directory)) if record is not None]
    if any(_may_live(record, directory) for record in records):
        return False
    return age > GRACE or (holder.process is not None and not _is_locked(directory))


def _is_locked(directory: JobDirectory) -> bool:
    lock = FileLock(directory.lock)
    try:
        is_free = lock.acquire(blocking=False)
    except OSError:  # there is no such directory
        return False
    lock.release()
    return not is_free


def _may_live(record: Mapping[str, object], directory: JobDirectory) -> bool:
    identity = ProcessIdentity.from_record(record)
    alive = Alive.ELSEWHERE if identity is None else is_alive(identity, marker=str(directory.path))
    return alive is Alive.YES or (alive is Alive.ELSEWHERE and job_outcome(directory) is None)


class _Record(NamedTuple):
    path: Path
    modified: float
    content: bytes


def _parse(content: bytes) -> Holder | None:
    record = plain.parse(content) or {}
    units = plain.integer(plain.mapping(record, "information"), "count")
    job_uri = plain.text(record, "job_uri")
    if units is None or job_uri is None:
        return None
    return Holder(units, job_uri, plain.as_mapping(record.get("process")))
