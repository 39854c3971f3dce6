"""What all launchers share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TypeAlias

from experimaestro._processes import ProcessIdentity
from experimaestro.connectors.base import Connector, Process
from experimaestro.ports import JobHandle

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


class Pool(NamedTuple):
    """The launchers of one pool have one limit together."""

    name: str
    limit: int | None
    """How many jobs may run at once; None if there is no limit."""


class RunningProcess(Process, Protocol):
    """A job that was launched."""


class Launcher(ABC):
    """A way of running jobs on a machine."""

    max_jobs: int | None = None
    """How many jobs may run at once; None if there is no limit."""

    def __init__(self, connector: Connector, *, priority: float = 0) -> None:
        self.connector = connector
        self.priority = priority
        self.environ: dict[str, str] = {}
        """What it adds to the environment of jobs."""
        self._listeners: list[Listener] = []

    @property
    def pool(self) -> Pool:
        """What limits how many of its jobs run at once: by default, each launcher has its own."""
        return Pool(f"{self}#{id(self)}/{self.max_jobs}", self.max_jobs)

    def setenv(self, name: str, value: str) -> None:
        """Adds a variable to the environment of jobs."""
        self.environ[name] = value

    @property
    def has_listeners(self) -> bool:
        """Whether someone is to be told of submitted jobs."""
        return bool(self._listeners)

    def add_listener(self, listener: Listener) -> None:
        """Has a function called with each job submitted, for instance to add token dependencies to it."""
        self._listeners.append(listener)

    def on_submit(self, job: JobHandle) -> None:
        """Tells the listeners that a job is submitted."""
        for listener in self._listeners:
            listener(job)

    def addListener(self, listener: Listener) -> None:
        """The name of `add_listener` in release 2.7."""
        self.add_listener(listener)

    def onSubmit(self, job: JobHandle) -> None:
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
