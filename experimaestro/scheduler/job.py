"""The job of a submitted task, as the driver knows it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from experimaestro._types import JobId, JobState, TaskId, TransientMode
from experimaestro.core.tags import TagDict, tags
from experimaestro.scheduler.messages import Failure, Key
from experimaestro.workspace.events import Level, read_progress
from experimaestro.workspace.layout import JobDirectory

if TYPE_CHECKING:
    from experimaestro.core.state import Configuration
    from experimaestro.launchers.base import Launcher
    from experimaestro.scheduler.tokens import TokenDependency


class Listener:
    """Told of what happens to the jobs of an experiment; redefine what is of interest.

    Methods are called in the thread of the scheduler: they return at once.
    """

    def job_submitted(self, job: Job) -> None:
        """A job was submitted."""

    def job_state(self, job: Job) -> None:
        """The state of a job changed."""


class JobDependency(NamedTuple):
    """What a job needs: another job, or a preparation."""

    origin: Job


class Dependencies(list[JobDependency]):
    """What a job needs. Listeners of launchers may `add` to it."""

    def __init__(self, dependencies: Iterable[JobDependency] = ()) -> None:
        super().__init__(dependencies)
        self.tokens: list[TokenDependency] = []

    def add(self, dependency: JobDependency | TokenDependency) -> None:
        """Makes the job need another job, or units of a token."""
        if isinstance(dependency, JobDependency):
            self.append(dependency)
        else:
            self.tokens.append(dependency)


class Keeper(Protocol):
    """Whom a job belongs to: the session."""

    def wait_for(self, is_over: Callable[[], bool]) -> None: ...

    def cancel(self, job: Job) -> None: ...

    def addlistener(self, listener: Listener) -> None: ...

    def call(self, job: Job, what: str, function: Callable[[], object]) -> bool: ...

    def watch_output(self, job: Job, method: Callable[..., Any], callback: Callable[[Any], object]) -> None: ...


class Job:
    """The job of a task (or a preparation step, which runs in the driver)."""

    def __init__(
        self,
        config: Configuration,
        directory: JobDirectory,
        *,
        launcher: Launcher,
        keeper: Keeper,
        max_retries: int,
        transient: TransientMode,
    ) -> None:
        self.config = config
        self.directory = directory
        self.launcher = launcher
        self.pool = launcher.pool
        self.environ: dict[str, str] = {}
        """Added to the environment of the process."""
        self.max_retries = max_retries
        self.transient = transient
        self.dependencies = Dependencies()
        self.tokens: list[TokenDependency] = []
        self.scheduler_state = JobState.UNSCHEDULED
        self.failure: Failure | None = None
        self.is_placed = False
        """Whether the scheduler has decided about it."""
        self.attempts = 0
        """How often its process was started by this experiment, or found running."""
        self.submitted_time: float | None = None
        self.starttime: float | None = None
        self.endtime: float | None = None
        self.tags: TagDict = tags(config)
        self._keeper = keeper
        self._callbacks: deque[Callable[[], object]] = deque()

    @property
    def key(self) -> Key:
        """How the scheduler names it."""
        return Key(f"prepare:{self.identifier}" if self.is_preparation else self.identifier)

    @property
    def is_preparation(self) -> bool:
        return self.config.__xpm__.xpmtype.is_preparation

    @property
    def identifier(self) -> JobId:
        return self.directory.job_id

    @property
    def task_id(self) -> TaskId:
        return self.directory.task_id

    @property
    def name(self) -> str:
        """The last part of the task identifier: what the files of the job are named after."""
        return self.directory.name

    @property
    def relpath(self) -> Path:
        """``<task identifier>/<job identifier>``."""
        return Path(self.task_id, self.identifier)

    @property
    def path(self) -> Path:
        """The directory of the job."""
        return self.directory.path

    jobpath = path

    @property
    def stdout(self) -> Path:
        return self.directory.stdout

    @property
    def stderr(self) -> Path:
        return self.directory.stderr

    @property
    def donepath(self) -> Path:
        return self.directory.done

    @property
    def failedpath(self) -> Path:
        return self.directory.failed

    @property
    def pidpath(self) -> Path:
        return self.directory.pid

    @property
    def lockpath(self) -> Path:
        return self.directory.lock

    @property
    def status_path(self) -> Path:
        return self.directory.status

    @property
    def experimaestro_path(self) -> Path:
        return self.directory.state

    @property
    def resumable(self) -> bool:
        """Whether it can go on where it stopped."""
        return self.config.__xpm__.xpmtype.is_resumable

    @property
    def state(self) -> JobState:
        return self.scheduler_state

    @property
    def progress(self) -> Sequence[Level]:
        """What the task last said of its progress, from the outermost level."""
        return read_progress(self.directory)

    @property
    def retry_count(self) -> int:
        """How often it was started again."""
        return max(0, self.attempts - 1)

    @property
    def scheduler(self) -> Keeper:
        """Kept for existing code: ``job.scheduler.addlistener(listener)``."""
        return self._keeper

    def has_callbacks(self) -> bool:
        """Whether someone waits for its success."""
        return bool(self._callbacks)

    def wait(self) -> JobState:
        """Blocks until the job ends, and returns its state. A failed job raises nothing here."""
        self._keeper.wait_for(self.is_settled)
        return self.state

    def cancel(self) -> None:
        """Gives the job up: it does not start, or its process is asked to end, and it counts as failed."""
        self._keeper.cancel(self)

    def is_settled(self) -> bool:
        """Whether the job ended, or is not to run."""
        return self.state.finished() or (self.state is JobState.UNSCHEDULED and self.is_placed)

    def renew(self, again: Job) -> None:
        """Takes what another submission of the same task asks for; how it runs changes only if it failed."""
        self.max_retries = max(self.max_retries, again.max_retries)
        self.transient = min(self.transient, again.transient)
        if self.state is JobState.ERROR:
            self.config, self.launcher, self.pool = again.config, again.launcher, again.pool
            self.environ, self.tokens = again.environ, again.tokens

    def on_completed(self, callback: Callable[[], object]) -> None:
        """Has a function called, once, when the job succeeds (at once if it did)."""
        self._callbacks.append(callback)
        if self.state is JobState.DONE:
            self.notify_completed()

    def notify_completed(self) -> None:
        """Calls those who wait for the success of the job; what they raise makes the experiment fail."""
        while (callback := self._next_callback()) is not None:
            self._keeper.call(self, "a callback of on_completed", callback)

    def _next_callback(self) -> Callable[[], object] | None:
        """Takes one: two threads may tell of the same success."""
        try:
            return self._callbacks.popleft()
        except IndexError:
            return None

    def watch_output(self, method: Callable[..., Any], callback: Callable[[Any], object]) -> None:  # Any: users' values
        """Has a method called for each output that the task registers with it, and a function with the result."""
        self._keeper.watch_output(self, method, callback)

    def __str__(self) -> str:
        kind = "Prepare" if self.is_preparation else "Job"
        return f"{kind}[{self.task_id}/{self.identifier[:8]}]"

    __repr__ = __str__
