"""Progress of a job: one JSON line per change, written by its process, read by everyone."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from experimaestro.workspace import plain
from experimaestro.workspace.layout import JobDirectory

EVENTS_PER_FILE: Final = 1280
SMALLEST_CHANGE: Final = 0.01
"""A bar that moves less is not worth a line."""

_EVENT: Final = "JobProgressEvent"
_BLOCK: Final = 8192


class Level(NamedTuple):
    """One of nested progress bars, the outermost being level 0."""

    level: int
    progress: float
    """From 0 to 1."""
    desc: str | None = None


class ProgressWriter:
    """Writes the progress of the job of this process; threads may share it.

    Each process starts a file of its own, and a full file is followed by another that opens with the present levels:
    the last file tells all.
    """

    def __init__(self, directory: JobDirectory, *, clock: Callable[[], float] = time.time) -> None:
        self._directory = directory
        self._clock = clock
        self._levels: dict[int, Level] = {}
        self._file: BinaryIO | None = None
        self._written = 0
        self._lock = threading.Lock()

    def report(self, progress: float, *, level: int = 0, desc: str | None = None) -> None:
        """Writes a progress if it differs enough from the last of its level; deeper levels are then over.

        Raises OSError when the file can't be written.
        """
        new = Level(level, clamp(progress), desc)
        with self._lock:
            if is_change(self._levels.get(level), new):
                self._levels = {depth: known for depth, known in self._levels.items() if depth < level}
                self._levels[level] = new
                self._write(new)

    def close(self) -> None:
        with self._lock:
            if self._file is not None:
                self._file.close()
                self._file = None

    def _write(self, new: Level) -> None:
        if self._file is None or self._written >= EVENTS_PER_FILE:
            self._open_next()
            self._append(self._levels.values())
        else:
            self._append([new])

    def _open_next(self) -> None:
        if self._file is not None:
            self._file.close()
        self._directory.events.mkdir(parents=True, exist_ok=True)
        number = 1 + max(_numbers(self._directory.events), default=-1)
        self._file = _path(self._directory.events, number).open("ab", buffering=0)
        self._written = 0

    def _append(self, levels: Iterable[Level]) -> None:
        assert self._file is not None
        lines = [self._line(level) for level in levels]
        self._file.write("".join(lines).encode())
        self._written += len(lines)

    def _line(self, level: Level) -> str:
        job = {"job_id": self._directory.job_id, "task_id": self._directory.task_id}
        event = {"timestamp": self._clock(), **job, **level._asdict(), "event_type": _EVENT}
        return json.dumps(event, separators=(",", ":")) + "\n"


def is_change(previous: Level | None, new: Level) -> bool:
    """Tells whether a progress is worth a line."""
    if previous is None or previous.desc != new.desc:
        return True
    return abs(new.progress - previous.progress) > SMALLEST_CHANGE


def clamp(progress: float) -> float:
    """Brings any number, NaN included, between 0 and 1."""
    return min(max(progress, 0.0), 1.0) if progress == progress else 0.0


def read_progress(directory: JobDirectory) -> list[Level]:
    """Returns the present levels, outermost first; empty when the job told nothing.

    Reads the end of the last file, as far back as its last event of level 0.
    """
    last = max(_numbers(directory.events), default=None)
    if last is None:
        return []
    try:
        with _path(directory.events, last).open("rb") as file:
            return present_levels(_levels_backwards(file))
    except OSError:
        return []


def present_levels(backwards: Iterable[Level]) -> list[Level]:
    """Keeps what holds at the end of a history, given from its end: a level ends those that are as deep or deeper."""
    found: list[Level] = []
    for level in backwards:
        if not found or level.level < found[-1].level:
            found.append(level)
        if level.level <= 0:
            break
    return found[::-1]


def _levels_backwards(file: BinaryIO) -> Iterator[Level]:
    for line in _lines_backwards(file):
        event = plain.parse(line) or {}
        level, progress = plain.integer(event, "level"), plain.number(event, "progress")
        if event.get("event_type") == _EVENT and level is not None and progress is not None:
            yield Level(level, clamp(progress), plain.text(event, "desc"))


def _lines_backwards(file: BinaryIO) -> Iterator[bytes]:
    position = file.seek(0, os.SEEK_END)
    rest = b""
    while position > 0:
        size = min(_BLOCK, position)
        position = file.seek(position - size)
        first, *lines = (file.read(size) + rest).split(b"\n")
        yield from reversed(lines)
        rest = first
    yield rest


def _numbers(events: Path) -> list[int]:
    try:
        names = [path.name for path in events.iterdir()]
    except (FileNotFoundError, NotADirectoryError):
        return []
    stems = [name.removeprefix("event-").removesuffix(".jsonl") for name in names]
    return [
        int(stem) for stem, name in zip(stems, names, strict=True) if name == f"event-{stem}.jsonl" and stem.isdecimal()
    ]


def _path(events: Path, number: int) -> Path:
    return events / f"event-{number}.jsonl"
