"""The outputs that a running task registers: one JSON line for each, in its own file.

Release 2.7 writes the same lines. A line that its writer had no time to end is no line: readers leave it for later, and
the next writer takes it away.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePath
from typing import NamedTuple, cast

from experimaestro.core.registration import PATH
from experimaestro.workspace import plain


class TaskOutput(NamedTuple):
    """An output, as the method that describes it is to be called."""

    key: str
    """``<identifier of the configuration>/<name of its method>``."""
    args: Sequence[object]
    kwargs: Mapping[str, object]

    def call(self) -> str:
        """What the call looks like, without the marker."""
        given = [*map(repr, self.args), *(f"{name}={value!r}" for name, value in self.kwargs.items())]
        return f"{self.key.rpartition('/')[2]}({', '.join(given)})"


def output_line(output: TaskOutput) -> bytes:
    """Writes an output; a path is ``{"$path": "..."}``.

    Raises TypeError, ValueError for what JSON cannot hold.
    """
    record = {"key": output.key, "args": list(output.args), "kwargs": dict(output.kwargs)}
    return json.dumps(record, default=_path).encode() + b"\n"


def _path(value: object) -> dict[str, str]:
    if not isinstance(value, PurePath):
        raise TypeError(f"{value!r} is of type {type(value).__name__}, which is neither a path nor plain data")
    return {PATH: str(value)}


def _read(value: object) -> object:
    """A value as it was given."""
    if isinstance(value, list):
        return [_read(item) for item in cast("list[object]", value)]  # of JSON
    mapping = plain.as_mapping(value)
    if mapping is None:
        return value
    path = mapping.get(PATH)
    return Path(path) if isinstance(path, str) else {name: _read(inside) for name, inside in mapping.items()}


def parse_output(line: bytes) -> TaskOutput | None:
    """Reads a line; None if it is something else."""
    record = plain.parse(line) or {}
    key, kwargs = plain.text(record, "key"), plain.as_mapping(record.get("kwargs"))
    if key is None or kwargs is None:
        return None
    return TaskOutput(
        key, [_read(item) for item in plain.items(record, "args")], {k: _read(v) for k, v in kwargs.items()}
    )


def complete_lines(content: bytes) -> list[bytes]:
    """The lines that have their end."""
    return content[: content.rfind(b"\n") + 1].splitlines(keepends=True)


def append_line(path: Path, line: bytes) -> None:
    """Appends a line, whole or not at all, after the last whole one. Processes and threads take turns.

    Raises OSError.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o666)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        end = _end_of_lines(descriptor)
        os.ftruncate(descriptor, end)
        try:
            _write_all(descriptor, line)
        except OSError:  # a full disk
            os.ftruncate(descriptor, end)
            raise
    finally:
        os.close(descriptor)


def _end_of_lines(descriptor: int) -> int:
    """Where the last whole line ends."""
    position = os.fstat(descriptor).st_size
    while position > 0:
        start = max(0, position - 4096)
        found = os.pread(descriptor, position - start, start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        position = start
    return 0


def _write_all(descriptor: int, content: bytes) -> None:
    while content:
        content = content[os.write(descriptor, content) :]


class OutputReader:
    """Reads the file of a job that may be running."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._position = 0
        self._file: tuple[int, int] | None = None
        """Which file it was: a job that is run again from scratch has another."""

    def read(self) -> list[bytes]:
        """The lines that were completed since the last time; none when there is no file.

        Raises OSError.
        """
        try:
            status = self._path.stat()
            if status.st_size <= self._position and self._file == (status.st_dev, status.st_ino):
                return []
            return self._read(status)
        except (FileNotFoundError, NotADirectoryError):
            return []

    def _read(self, status: os.stat_result) -> list[bytes]:
        file = (status.st_dev, status.st_ino)
        if self._file != file:
            self._file, self._position = file, 0
        with self._path.open("rb") as stream:
            stream.seek(self._position)
            lines = complete_lines(stream.read())
        self._position += sum(map(len, lines))
        return lines
