"""What a task can know of the job that it runs in."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

from experimaestro.ports import LauncherInformation, OutputRecorder


class Env:
    """The surroundings of the running task. Outside of a job, all is empty."""

    _instance: ClassVar[Env | None] = None

    wspath: Path | None = None
    """The workspace."""
    taskpath: Path | None = None
    """The directory of the job."""
    launcher_info: LauncherInformation | None = None
    slave: bool = False
    """Whether another process of the same job reports for all (distributed tasks)."""
    outputs: OutputRecorder | None = None
    """Where the task registers its outputs."""
    current_task: object | None = None

    @classmethod
    def instance(cls) -> Env:
        """The surroundings of this process."""
        if cls._instance is None:
            cls._instance = cls()
        return cls._instance

    @classmethod
    @contextmanager
    def at(cls, *, taskpath: Path, wspath: Path) -> Generator[None, None, None]:
        """Resolves paths against other directories, for a time."""
        known = vars(cls.instance())
        former = {name: value for name, value in known.items() if name in ("taskpath", "wspath")}
        known.update(taskpath=taskpath, wspath=wspath)
        try:
            yield
        finally:
            del known["taskpath"], known["wspath"]  # existing code sets those of the class
            known.update(former)

    @property
    def xpm_path(self) -> Path:
        """The directory of the job for the files of the system; created when asked for.

        Raises RuntimeError outside of a job.
        """
        if self.taskpath is None:
            raise RuntimeError("no task is running in this process")
        path = self.taskpath / ".experimaestro"
        path.mkdir(exist_ok=True)
        return path
