"""What all launchers share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TypeAlias

from experimaestro._processes import ProcessIdentity
from experimaestro.connectors.base import Connector, Process

Listener: TypeAlias = Callable[[Any], object]  # Any: users annotate the job with a class of a room above this one


class LaunchRequest(NamedTuple):
    """A job that is ready to run."""

    name: str
    directory: Path
    script: Path
    stdout: Path
    stderr: Path
    environment: Mapping[str, str]
    """What the workspace and the experiment add to the environment."""
    lock_descriptor: int | None = None
    """The lock of the job, to be held from before its start until its death."""


class RunningProcess(Process, Protocol):
    """A job that was launched."""


class Launcher(ABC):
    """A way of running jobs on a machine."""

    max_jobs: int | None = None
    """How many jobs may run at once; None if there is no limit."""

    def __init__(self, connector: Connector, *, priority: int = 0) -> None:
        self.connector = connector
        self.priority = priority
        self.environ: dict[str, str] = {}
        """What it adds to the environment of jobs."""
        self._listeners: list[Listener] = []

    def setenv(self, name: str, value: str) -> None:
        """Adds a variable to the environment of jobs."""
        self.environ[name] = value

    def add_listener(self, listener: Listener) -> None:
        """Has a function called with each job submitted, for instance to add token dependencies to it."""
        self._listeners.append(listener)

    def on_submit(self, job: object) -> None:
        """Tells the listeners that a job is submitted."""
        for listener in self._listeners:
            listener(job)

    def addListener(self, listener: Listener) -> None:
        """The name of `add_listener` in release 2.7."""
        self.add_listener(listener)

    def onSubmit(self, job: object) -> None:
        """The name of `on_submit` in release 2.7."""
        self.on_submit(job)

    @abstractmethod
    async def start(self, request: LaunchRequest) -> RunningProcess:
        """Starts a job.

        Raises OSError if it could not be started.
        """

    @abstractmethod
    async def attach(self, identity: ProcessIdentity) -> RunningProcess | None:
        """Takes over a job that another driver started; None if it does not run any more."""

    def __str__(self) -> str:
        return f"{type(self).__name__}({self.connector})"
