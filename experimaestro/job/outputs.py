"""What a running task registers for the experiment, which uses it before the task ends."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping, Sequence

from experimaestro.workspace.layout import JobDirectory
from experimaestro.workspace.outputs import TaskOutput, append_line, complete_lines, output_line


class OutputRecorder:
    """Writes the outputs of the job of this process; threads and forked processes may share it.

    A task that goes on from its last checkpoint registers again what it does again: what a former attempt has written
    is not written twice.
    """

    def __init__(self, directory: JobDirectory) -> None:
        self._path = directory.task_outputs
        self._former_size = self._path.stat().st_size if self._path.exists() else 0
        self._former: Counter[bytes] | None = None
        """The outputs of former attempts which this one has not registered, with their number."""
        self._lock = threading.Lock()

    def register(self, key: str, args: Sequence[object], kwargs: Mapping[str, object]) -> None:
        """Writes an output whose arguments are plain data.

        Raises OSError.
        """
        line = output_line(TaskOutput(key, args, kwargs))
        with self._lock:
            if self._former is None:
                self._former = self._read_former()
            if self._former[line] > 0:
                self._former[line] -= 1
            else:
                append_line(self._path, line)

    def _read_former(self) -> Counter[bytes]:
        if self._former_size == 0:
            return Counter()
        with self._path.open("rb") as file:
            return Counter(complete_lines(file.read(self._former_size)))


class NoRecorder:
    """For a process of a job that is not the first one: that one registers the outputs for all."""

    def register(self, key: str, args: Sequence[object], kwargs: Mapping[str, object]) -> None:
        """Does nothing."""
