"""What a running task says of its progress."""

from __future__ import annotations

import sys
from typing import ClassVar

from experimaestro.workspace.events import ProgressWriter


class Reporter:
    """Where the progress of this process goes: nowhere outside of a job."""

    current: ClassVar[ProgressWriter | None] = None


def progress(
    value: float,
    level: int = 0,
    desc: str | None = None,
    console: bool = False,  # a public signature
) -> None:
    """Says how much of the task is done.

    :param value: from 0 to 1.
    :param level: 0 for the task, 1 for a step of it, and so on; what was said of deeper levels is forgotten.
    :param desc: what is being done.
    :param console: prints it too.
    """
    if Reporter.current is not None:
        Reporter.current.report(value, level=level, desc=desc)
    if console:
        sys.stderr.write(f"{desc or 'progress'}: {100 * value:.0f}%\n")
