"""Seams: what a lower room needs from a higher one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TypeVar

from experimaestro._types import JobId, JobState, RunMode, TaskId, TransientMode

T_contra = TypeVar("T_contra", contravariant=True)


class SubmitOptions(NamedTuple):
    """How a task is to be run."""

    workspace: object | None
    """None: that of the experiment."""
    run_mode: RunMode | None
    """None: the mode of the experiment."""
    launcher: object | None
    """None: the launcher of the experiment."""
    max_retries: int | None
    """How many times a resumable task that ran out of time is started again; None: the setting of the workspace."""
    transient: TransientMode | None
    """None: the mode of the kind of task."""


class JobHandle(Protocol):
    """What is asked of the job of a submitted task."""

    @property
    def identifier(self) -> JobId: ...
    @property
    def task_id(self) -> TaskId: ...
    @property
    def path(self) -> Path: ...
    @property
    def stdout(self) -> Path: ...
    @property
    def stderr(self) -> Path: ...
    @property
    def state(self) -> JobState: ...

    def wait(self) -> JobState:
        """Blocks until the job ends."""
        ...

    def on_completed(self, callback: Callable[[], object]) -> None:
        """Has a function called, once, when the job succeeds."""
        ...

    def watch_output(self, method: Callable[..., Any], callback: Callable[[Any], object]) -> None:  # Any: users' values
        """Has a method called for each output that the task registers with it, and a function with the result."""
        ...


class Submitter(Protocol[T_contra]):
    """Runs tasks: the current experiment."""

    @property
    def run_mode(self) -> RunMode: ...

    def job_path(self, task_id: TaskId, job_id: JobId) -> Path:
        """The directory of a job."""
        ...

    def partial_path(self, task_id: TaskId, name: str, identifier: str) -> Path:
        """The directory shared by the tasks with a partial identifier."""
        ...

    def submit(self, task: T_contra, dependencies: Sequence[T_contra], options: SubmitOptions) -> JobHandle:
        """Takes a sealed task, and the tasks and preparations that it needs, all submitted before."""
        ...

    def add_action(self, action: T_contra) -> str:
        """Attaches an action to the experiment, and returns its identifier."""
        ...


class OutputRecorder(Protocol):
    """Keeps what a running task registers."""

    def register(self, key: str, args: Sequence[object], kwargs: Mapping[str, object]) -> None:
        """Has a method of a configuration, named by the key, called by the experiment."""
        ...


class LauncherHandle(Protocol):
    """What is asked of the launcher of a task when it is submitted."""

    def on_submit(self, job: JobHandle) -> None:
        """Tells it that a job will come."""
        ...


class LauncherInformation(Protocol):
    """What a running job can ask of the launcher that started it."""

    def remaining_time(self) -> float | None:
        """Seconds left before the job is stopped; None when there is no limit."""
        ...
