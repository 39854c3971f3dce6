"""Atomic writes and file locks: what makes the files on disk trustworthy."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType


def write_text(path: Path | str, text: str, *, mode: int = 0o666) -> None:
    """Writes a file in one step: readers see the former content or the whole new one, whatever happens to us.

    There is no `fsync`: the death of a process loses nothing, and after a power cut a missing file only means
    that a job is run again.
    """
    temporary = f"{path}.{os.getpid()}.tmp"
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, mode)
    try:
        with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123  (a descriptor, not a path)
            file.write(text)
        os.replace(temporary, path)  # noqa: PTH105  (`path` may be text, as it is where many files are written)
    except BaseException:
        os.unlink(temporary)  # noqa: PTH108  (idem)
        raise


def write_json(path: Path | str, value: Mapping[str, object], *, indent: int | None = None) -> None:
    """Writes a JSON object in one step."""
    separators = (",", ":") if indent is None else None
    write_text(path, json.dumps(value, indent=indent, separators=separators))


class FileLock:
    """An advisory lock on a file (`flock`), free again when its last holder dies.

    The open file description carries the lock: a child process that inherits the descriptor holds the lock as long
    as it lives, even when the parent is killed. Other programs that use `flock` (the `filelock` library among them)
    respect it.
    """

    def __init__(self, path: Path | str) -> None:
        self.path = path
        self._descriptor: int | None = None

    @classmethod
    def adopt(cls, path: Path | str, descriptor: int) -> FileLock:
        """Takes over a lock inherited from the parent process; children of ours that execute a program lose it."""
        os.set_inheritable(descriptor, False)
        lock = cls(path)
        lock._descriptor = descriptor
        return lock

    def acquire(self, *, blocking: bool) -> bool:
        """Returns whether the lock is held.

        Raises OSError if the file cannot be created.
        """
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX if blocking else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        except BaseException:
            os.close(descriptor)
            raise
        self._descriptor = descriptor
        return True

    def release(self) -> None:
        """Lets the lock go, unless a child inherited it."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def fileno(self) -> int:
        """The descriptor to hand to a child process.

        Raises ValueError when the lock is not held.
        """
        if self._descriptor is None:
            raise ValueError(f"{self.path}: the lock is not held")
        return self._descriptor

    def __enter__(self) -> FileLock:
        self.acquire(blocking=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()
