"""Where a mistake in a file that mypy does not read is: at the start of the message, as ``PATH:LINE:COLUMN: ...``.

mypy shows errors of the modules it checks only, so that such a message stands at a line of Python. `parse` finds the
place again.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final, NamedTuple

SUFFIXES: Final = (".yaml", ".yml", ".sh")

_MESSAGE: Final = re.compile(
    rf"(?P<path>[^\n]*?(?:{'|'.join(map(re.escape, SUFFIXES))})):(?P<line>[1-9][0-9]*):(?P<column>[1-9][0-9]*): "
    r"(?P<message>.*)",
    re.DOTALL,
)


class Location(NamedTuple):
    """A place in a file, and what is told of it."""

    path: str
    """Relative to the current directory, or absolute when the file is elsewhere."""
    line: int
    """From 1."""
    column: int
    """From 1."""
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: {self.message}"


def parse(message: str) -> Location | None:
    """The place that a message of the plugin names; None for a message on the Python code itself."""
    found = _MESSAGE.fullmatch(message)
    if found is None:
        return None
    return Location(found["path"], int(found["line"]), int(found["column"]), found["message"])


def shown(path: str | Path) -> str:
    """The path as it stands in messages."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative
