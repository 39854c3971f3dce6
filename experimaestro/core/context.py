"""Where configurations stand: directories for generated paths, and places of the files that are saved."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from experimaestro._types import JobId, TaskId
from experimaestro.core.format import PathLoader
from experimaestro.core.format import SerializedPath as SerializedPath
from experimaestro.core.identifier import identify, identify_partial
from experimaestro.core.partials import Partial
from experimaestro.exceptions import ExperimaestroError

if TYPE_CHECKING:
    from experimaestro.core.state import Configuration
    from experimaestro.ports import Submitter


SerializedPathLoader = PathLoader
"""Kept for existing code."""


class NoDirectoryError(ExperimaestroError, AssertionError):
    """A generated path is asked for outside of a job."""

    def __init__(self) -> None:
        super().__init__(
            "a generated path needs a directory: give .instance(DirectoryContext(path)), or submit the task"
        )


class ConfigWalkContext:
    """A place in a tree of configurations. Without directory: `path` fails."""

    def __init__(self) -> None:
        self._keys: list[str] = []

    @property
    def name(self) -> str | None:
        """What the files of the job are named after; None outside of a job."""
        return None

    @property
    def path(self) -> Path:
        """The directory of the root."""
        raise NoDirectoryError

    def currentpath(self) -> Path:
        """The directory of the configuration: that of the root, or ``out/<parameter>/...`` below it."""
        return self.path.joinpath("out", *self._keys) if self._keys else self.path

    def partial_path(self, partial: Partial, config: Configuration) -> Path:
        """The directory shared by configurations with the same partial identifier."""
        raise NoDirectoryError

    @contextmanager
    def at(self, keys: Sequence[str]) -> Generator[ConfigWalkContext, None, None]:
        """Stands at a configuration, named by the keys that lead to it."""
        self._keys = list(keys)
        try:
            yield self
        finally:
            self._keys = []


class EmptyContext(ConfigWalkContext):
    """No directory."""


class DirectoryContext(ConfigWalkContext):
    """A given directory: ``config.instance(DirectoryContext(path))``."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path

    @property
    def path(self) -> Path:
        return self._path


class JobContext(ConfigWalkContext):
    """The directory of a job, known once the identifier is."""

    def __init__(self, task: Configuration, submitter: Submitter[Configuration]) -> None:
        super().__init__()
        self.task = task
        self._submitter = submitter

    @property
    def name(self) -> str:
        """The last part of the type identifier: what the files of the job are named after."""
        return task_identifier(self.task).rpartition(".")[2]

    @property
    def path(self) -> Path:
        return self._submitter.job_path(task_identifier(self.task), job_identifier(self.task))

    def partial_path(self, partial: Partial, config: Configuration) -> Path:
        digest = identify_partial(config.__xpm__, partial)
        return self._submitter.partial_path(task_identifier(config), partial.name, digest.hex())


def task_identifier(config: Configuration) -> TaskId:
    """The type identifier of a configuration."""
    return TaskId(config.__xpm__.xpmtype.identifier.name)


def job_identifier(config: Configuration) -> JobId:
    """The identifier of a configuration, as the jobs of tasks are named."""
    return JobId(identify(config.__xpm__).hex())


class SerializationConflictError(ExperimaestroError, ValueError):
    """Two parameters would be saved in the same place."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"Serialization path conflict: two data paths would be saved as {path}")


class SerializationContext:
    """Where configurations are written, and how their paths are."""

    def __init__(
        self,
        *,
        save_directory: Path | None = None,
        job_path: Path | None = None,
        workspace_path: Path | None = None,
    ) -> None:
        self.save_directory = save_directory
        """Where the data of `DataPath` parameters are copied; they stay where they are when it is None."""
        self.job_path = job_path
        self.workspace_path = workspace_path
        self.var_path: list[str] = []
        """The names that lead from the root to the object being written."""
        self.serialized_paths: set[Path] = set()

    @property
    def depth(self) -> int:
        """How deep the object being written is."""
        return len(self.var_path)

    @contextmanager
    def push(self, name: str) -> Generator[SerializationContext, None, None]:
        """Goes to what the object being written holds under that name."""
        self.var_path.append(name)
        try:
            yield self
        finally:
            self.var_path.pop()

    def serialize(self, var_path: Sequence[str], data_path: Path, config: object) -> SerializedPath:
        """Saves the data of a parameter; files are linked rather than copied where the disk allows it.

        Raises SerializationConflictError, OSError.
        """
        if self.save_directory is None:
            return SerializedPath(data_path, data_path.is_dir())
        relative = Path(*var_path)
        if relative in self.serialized_paths:
            raise SerializationConflictError(relative)
        self.serialized_paths.add(relative)
        from experimaestro.core.datafiles import copy_data  # late: few save data, and `shutil` takes a millisecond

        return SerializedPath(relative, copy_data(data_path, self.save_directory / relative))
