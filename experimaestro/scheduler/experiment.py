"""`with experiment(directory, name) as xp:` — a plan, run.

Importing this module costs next to nothing: modules of tasks name `experiment`, and their jobs import them. What runs
jobs is imported when an experiment is entered.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeVar

from experimaestro._types import DirtyGitAction, ExperimentId, JobId, RunId, RunMode
from experimaestro.core.environment import Env
from experimaestro.exceptions import ExperimaestroError, GracefulExperimentExit, HandledException
from experimaestro.scheduler.description import Description

if TYPE_CHECKING:
    from experimaestro.core.actions import Action
    from experimaestro.launchers.base import Launcher
    from experimaestro.scheduler.job import Job, Listener
    from experimaestro.scheduler.services import Service
    from experimaestro.scheduler.session import Session
    from experimaestro.scheduler.tokens import CounterToken
    from experimaestro.scheduler.workspace import Workspace
    from experimaestro.settings import WorkspaceSettings

    S = TypeVar("S", bound=Service)

LOGGER: Final = logging.getLogger("xpm")

_PACKAGE: Final = f"{Path(__file__).absolute().parent.parent}{os.sep}"


class NoExperimentError(ExperimaestroError, AssertionError):
    """The current experiment is asked for outside of any."""

    def __init__(self) -> None:
        super().__init__("No current experiment defined")


class NotEnteredError(ExperimaestroError, RuntimeError):
    """An experiment is used before `with experiment(...)`, or after."""

    def __init__(self, name: str) -> None:
        super().__init__(f"experiment {name!r} is not under way: use it inside `with experiment(...) as xp:`")


class NoResultsError(ExperimaestroError, RuntimeError):
    """The results of an experiment that runs nothing are asked for."""

    def __init__(self, run_mode: RunMode) -> None:
        super().__init__(
            f"there are no results in run mode {run_mode.value}: test `xp.run_mode == RunMode.NORMAL` before using "
            "xp.resultspath"
        )


class InJobError(HandledException):
    """An experiment starts in the process of a job."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"experiment {name!r} starts again in the process of a job: the module of the task runs it when it is "
            'imported; put the experiment under `if __name__ == "__main__":`'
        )


class experiment:
    """A plan under way: tasks submitted inside the `with` block are run, each once.

    Leaving the block waits for the jobs; `FailedExperiment` is raised if some failed.
    """

    CURRENT: ClassVar[experiment | None] = None
    """The innermost experiment."""

    def __init__(
        self,
        env: Path | str | WorkspaceSettings,
        name: str,
        *,
        host: str | None = None,
        port: int | None = None,
        token: str | None = None,
        run_mode: RunMode | None = None,
        launcher: Launcher | None = None,
        register_signals: bool = True,
        project_paths: Sequence[Path] | None = None,
        wait_for_quit: bool = False,
        dirty_git: DirtyGitAction = DirtyGitAction.WARN,
        no_db: bool = False,
        no_environmental_impact: bool = False,
    ) -> None:
        """Describes an experiment; nothing happens before the `with` block.

        :param env: the workspace: its directory, or its settings.
        :param name: the identifier of the experiment, which names a directory.
        :param host: address of the web interface (not used yet); so are `port`, `token` and `wait_for_quit`.
        :param run_mode: what to do with submitted tasks; by default, run them.
        :param launcher: how to run tasks that do not say it; by default, as processes of this machine, one for each
            processor.
        :param register_signals: kept for existing code.
        :param project_paths: directories whose git state is recorded; by default, that of the calling file.
        :param dirty_git: what to do when they have uncommitted changes.
        :param no_db: kept for existing code; so is `no_environmental_impact`.
        """
        self.name = name
        self.run_mode = RunMode.NORMAL if run_mode is None else RunMode(run_mode)
        self._services: dict[str, Service] = {}
        self._listeners: list[Listener] = []
        self._session: Session | None = None
        self._stack = contextlib.ExitStack()
        self._description = Description(
            env,
            self.experiment_id,
            self.run_mode,
            launcher,
            DirtyGitAction(dirty_git),
            (_caller_directory(),) if project_paths is None else tuple(project_paths),
            self._listeners,
        )
        if host is not None or port is not None or token is not None or wait_for_quit:
            LOGGER.warning("experiment(): host, port, token and wait_for_quit have no effect: no web interface starts")

    # What it is

    @property
    def experiment_id(self) -> ExperimentId:
        return ExperimentId(self.name)

    @property
    def workspace(self) -> Workspace:
        """The workspace.

        Raises NotEnteredError.
        """
        return self._entered.workspace

    @property
    def run_id(self) -> RunId:
        """The identifier of this run."""
        return self._entered.run.run_id

    @property
    def workdir(self) -> Path:
        """The directory of this run."""
        return self._entered.run.path

    run_dir = workdir

    @property
    def jobspath(self) -> Path:
        """Links to the jobs of this run."""
        return self._entered.run.jobs

    @property
    def jobsbakpath(self) -> Path:
        """Links to the jobs of the previous run."""
        return self.workspace.layout.summary(self.experiment_id).jobs_bak

    @property
    def alt_jobspaths(self) -> Iterator[Path]:
        """The jobs of the folders attached to the workspace."""
        for folder in self._entered.folders.attached:
            yield folder.layout.jobs

    @property
    def jobs_jsonl_path(self) -> Path:
        """The list of the jobs of this run."""
        return self._entered.run.jobs_jsonl

    @property
    def resultspath(self) -> Path:
        """A directory for what the experiment concludes. It is not created.

        Raises NoResultsError when nothing is run.
        """
        if self.run_mode is not RunMode.NORMAL:
            raise NoResultsError(self.run_mode)
        return self._entered.run.results

    @property
    def jobs(self) -> dict[JobId, Job]:
        """The jobs of this run."""
        return self._entered.jobs

    @property
    def failedJobs(self) -> dict[JobId, Job]:  # a public name
        """The jobs in error."""
        return {job.identifier: job for job in self._entered.failed}

    @property
    def unfinishedJobs(self) -> int:  # a public name
        """How many jobs have not ended."""
        return sum(not job.is_settled() for job in self._entered.jobs.values())

    @property
    def failed(self) -> bool:
        """Whether a job is in error."""
        return bool(self._entered.failed)

    @property
    def services(self) -> dict[str, Service]:
        """The services, by identifier."""
        return self._services

    @property
    def actions(self) -> dict[str, Action]:
        """The actions, by identifier."""
        return self._entered.actions

    @property
    def _entered(self) -> Session:
        if self._session is None:
            raise NotEnteredError(self.name)
        return self._session

    @staticmethod
    def current() -> experiment:
        """The innermost experiment.

        Raises NoExperimentError (an AssertionError).
        """
        if experiment.CURRENT is None:
            raise NoExperimentError
        return experiment.CURRENT

    # What can be asked of it

    def setenv(self, name: str, value: str, override: bool = True) -> None:  # a public signature
        """Adds a variable to the environment of the jobs submitted from now on."""
        if override or name not in self.workspace.env:
            self.workspace.env[name] = value

    def set_launcher(self, launcher: Launcher) -> None:
        """Has the tasks submitted from now on run by this launcher, unless they name another."""
        self.workspace.launcher = self._entered.launcher = launcher

    def token(self, name: str, count: int) -> CounterToken:
        """A number of units that jobs can hold while they run; all experiments on this machine share it by its name."""
        return self._entered.token(name, count)

    def add_service(self, service: S) -> S:
        """Attaches a service to the experiment, and returns it; it stops with the experiment."""
        known = self._services.get(service.id)
        if known is not None and known is not service:
            LOGGER.warning("service %r replaces another one", service.id)
        self._services[service.id] = service
        service.set_experiment(self)
        if self._session is not None:
            self._session.add_service(service)
        return service

    def add_action(self, action: Action) -> str:
        """Attaches something to do with the results, on demand; returns its identifier.

        Raises TypeError, and what validation raises.
        """
        return self._entered.add_action(action)

    def add_listener(self, listener: Listener) -> None:
        """Has an object told of what happens to jobs."""
        self._listeners.append(listener)

    def save(self, value: Any, name: str = "default") -> None:  # Any: a structure of configurations
        """Saves configurations with this run, for `load` in another experiment. Nothing happens when nothing is run."""
        self._entered.save(value, name)

    def load(self, reference: str, name: str = "default", run_id: str | None = None) -> Any:  # Any: what was saved
        """Loads what a run of another experiment saved; the newest run that did, by default.

        Raises HandledException.
        """
        return self._entered.load(reference, name, run_id)

    def wait(self) -> None:
        """Blocks until all jobs ended.

        Raises FailedExperiment if some failed, ExperimentStopped after `stop`.
        """
        self._entered.wait()

    def stop(self) -> None:
        """Starts no more jobs, and takes no more tasks; running jobs go on. Can be called from any thread."""
        self._entered.stop()

    # Its life

    def __enter__(self) -> experiment:
        if Env.instance().taskpath is not None:
            raise InJobError(self.name)
        from experimaestro.scheduler.opening import open_session  # late: what runs jobs is heavy, see above

        with contextlib.ExitStack() as stack:
            self._session = open_session(self._description, stack)
            for service in self._services.values():
                self._session.add_service(service)
            stack.callback(setattr, experiment, "CURRENT", experiment.CURRENT)
            setattr(experiment, "CURRENT", self)  # noqa: B010  # a public name, in the case of constants
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool | None:  # with `bool`, type checkers doubt that what the block assigns is there after it
        with self._stack, contextlib.ExitStack() as services:
            for service in self._services.values():
                services.callback(service.stop)
            if error is None:
                self._entered.finish()
            else:
                self._entered.abandon(error)
        return isinstance(error, GracefulExperimentExit)


def set_launcher(launcher: Launcher) -> None:
    """Has the tasks that the current experiment takes from now on run by this launcher, unless they name another.

    Raises NoExperimentError.
    """
    experiment.current().set_launcher(launcher)


def __getattr__(name: str) -> object:
    if name == "cleanup_experiment_history":  # late: it reads the settings
        return import_module("experimaestro.scheduler.history").cleanup_experiment_history
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _caller_directory() -> Path:
    """The directory of the code that makes the experiment."""
    frame = sys._getframe()  # pyright: ignore[reportPrivateUsage]  # `inspect` gives it, ten times slower
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_PACKAGE):
        frame = frame.f_back
    file = frame.f_code.co_filename
    return Path(file).absolute().parent if os.path.exists(file) else Path.cwd()  # noqa: PTH110  # also "<stdin>"
