"""Errors that more than one room raises; the others stand beside their raiser."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path


class ExperimaestroError(Exception):
    """Base of all our errors."""


class HandledException(ExperimaestroError):
    """An error whose message is enough: the command line prints it without traceback and exits 1."""


class FailedExperiment(HandledException):
    """Some jobs of an experiment failed; the message names each, its cause and its log."""


class ExperimentStopped(HandledException):
    """A task was submitted after the experiment was asked to stop."""


class DirtyGitError(HandledException):
    """The project has uncommitted changes, and the experiment asks that it has none."""

    def __init__(self, paths: Iterable[Path]) -> None:
        self.paths = tuple(paths)
        listed = ", ".join(str(path) for path in self.paths)
        super().__init__(
            f"Project repository has uncommitted changes: {listed} "
            "(commit them, or set dirty_git to 'warn' or 'ignore')"
        )


class GracefulExperimentExit(Exception):
    """Raised in an experiment to leave it without waiting for its jobs, which go on."""


class GracefulTimeout(Exception):
    """Raised in a task that has no time left: a resumable task is started again."""

    def __init__(self, message: str = "Task stopped gracefully before timeout") -> None:
        super().__init__(message)
        self.message = message


class TaskCancelled(Exception):
    """Raised in a running task when its process is asked to end (SIGTERM or SIGINT)."""

    def __init__(self, message: str = "Task cancelled", remaining_time: float | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.remaining_time = remaining_time
        """Seconds left before the process is killed, when the launcher tells."""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Returns ``"; did you mean 'x'?"`` for the nearest known name, or an empty string.

    Case counts only between names that are equal without it.
    """
    import difflib  # late: only errors need it

    spellings: dict[str, list[str]] = {}
    for candidate in known:
        spellings.setdefault(candidate.casefold(), []).append(candidate)
    nearest = difflib.get_close_matches(name.casefold(), spellings, n=1)
    if not nearest:
        return ""
    [best] = difflib.get_close_matches(name, spellings[nearest[0]], n=1, cutoff=0)
    return f"; did you mean {best!r}?"
