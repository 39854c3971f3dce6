"""The nouns that every room shares."""

from __future__ import annotations

from enum import Enum, IntEnum, StrEnum
from pathlib import Path
from typing import Final, NewType

__version__: Final = "3.0.0"
"""The version of the package."""

TaskId = NewType("TaskId", str)
"""Lower-case dotted identifier of a configuration type, such as ``learn.train``."""

JobId = NewType("JobId", str)
"""Identifier of a configuration: 64 lower-case hexadecimal characters."""

ExperimentId = NewType("ExperimentId", str)
RunId = NewType("RunId", str)

TokenName = NewType("TokenName", str)
"""What tells a token from the others: the path of its directory."""

DRY_RUN_ID: Final = RunId("dry-run")
"""Run identifier of an experiment that leaves no trace."""


class Need:
    """What a job needs besides configurations: base of what `add_dependencies` takes from other rooms."""

    __slots__ = ()


class RunMode(StrEnum):
    """What happens to submitted tasks."""

    NORMAL = "normal"
    """Run them."""
    GENERATE_ONLY = "generate"
    """Write their parameters and their script."""
    DRY_RUN = "dry-run"
    """Print what would be done."""
    PREPARE = "prepare"
    """Run the preparation steps, not the tasks."""

    @classmethod
    def _missing_(cls, value: object) -> RunMode | None:
        """Finds a mode by its name or value in any case, with dashes or underscores: ``RunMode("dry_run")``."""
        spelling = str(value).lower().replace("_", "-")
        names = {mode.name.lower().replace("_", "-"): mode for mode in cls}
        return next((mode for mode in cls if mode.value == spelling), names.get(spelling))


class TransientMode(IntEnum):
    """When the result of a task is wanted."""

    NONE = 0
    """Always: run the task."""
    TRANSIENT = 1
    """Only as the input of another task that runs."""
    REMOVE = 2
    """As TRANSIENT; and its directory is removed when the experiment ends well."""


class DirtyGitAction(StrEnum):
    """What to do when the project has uncommitted changes."""

    IGNORE = "ignore"
    WARN = "warn"
    ERROR = "error"


class FolderMode(Enum):
    """What an auxiliary folder is for."""

    USE = "use"
    """Results are looked up in it, and never written."""
    BACKUP = "backup"
    """Results are copied to it."""
    MOVE = "move"
    """Results are moved to it, and a link is left."""


class ShowFormat(StrEnum):
    """How a configuration is shown."""

    JSON = "json"
    YAML = "yaml"
    ORIGIN = "origin"


class JobState(Enum):
    """Where a job stands."""

    UNSCHEDULED = "unscheduled"
    """Known, and not to be run."""
    WAITING = "waiting"
    """Some job or preparation it depends on has not ended."""
    READY = "ready"
    """Only room is missing: a slot of its launcher, or tokens."""
    SCHEDULED = "scheduled"
    """Given to its launcher, which has not started it yet."""
    RUNNING = "running"
    DONE = "done"
    ERROR = "error"

    @property
    def name(self) -> str:
        """The word shown and stored, in lower case."""
        return str(self.value)

    @classmethod
    def from_path(cls, basepath: Path, scriptname: str) -> JobState | None:
        """How a job ended, as the files of its directory tell: DONE or ERROR; None if it did not."""
        if (basepath / f"{scriptname}.done").exists():
            return cls.DONE
        return cls.ERROR if (basepath / f"{scriptname}.failed").exists() else None

    def notstarted(self) -> bool:
        return self in (JobState.UNSCHEDULED, JobState.WAITING, JobState.READY)

    def running(self) -> bool:
        return self in (JobState.SCHEDULED, JobState.RUNNING)

    def finished(self) -> bool:
        return self in (JobState.DONE, JobState.ERROR)

    def is_error(self) -> bool:
        return self is JobState.ERROR


class JobFailureStatus(Enum):
    """Why a job is in error."""

    DEPENDENCY = "dependency"
    """Something it depends on failed: it was not run."""
    FAILED = "failed"
    MEMORY = "memory"
    TIMEOUT = "timeout"
    CANCELLED = "cancelled"
    REJECTED_TIMELIMIT = "rejected_timelimit"
    REJECTED_OTHER = "rejected_other"
    MISSING_OUTPUTS = "missing_outputs"
    DELETED = "deleted"
