"""Errors that more than one room raises; the others stand beside their raiser."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

_TELLING: Final = 3
"""How many characters of a name tell which one it is."""


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
    """Returns ``"; did you mean 'x'?"`` for the nearest known name, or an empty string."""
    best = nearest_name(name, known)
    return "" if best is None else f"; did you mean {best!r}?"


def nearest_name(name: str, known: Iterable[str]) -> str | None:
    """Returns the known name that was perhaps meant: one that is spelt nearly so, or that begins so.

    Case counts only between names that are equal without it.
    """
    import difflib  # late: only errors need it

    spellings: dict[str, list[str]] = {}
    for candidate in known:
        spellings.setdefault(candidate.casefold(), []).append(candidate)
    word = name.casefold()
    nearest = difflib.get_close_matches(word, spellings, n=1) or _longer(word, spellings)
    return difflib.get_close_matches(name, spellings[nearest[0]], n=1, cutoff=0)[0] if nearest else None


def _longer(word: str, known: Iterable[str]) -> list[str]:
    """The shortest name that begins with a word, of which enough is written to tell."""
    found = [candidate for candidate in known if candidate.startswith(word)] if len(word) >= _TELLING else []
    return sorted(found, key=len)[:1]
