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
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeVar

from experimaestro._files import FileLock
from experimaestro._types import DRY_RUN_ID, DirtyGitAction, ExperimentId, JobId, RunId, RunMode
from experimaestro.core.environment import Env
from experimaestro.core.serialization import load, save
from experimaestro.core.submission import SUBMITTERS
from experimaestro.exceptions import ExperimaestroError, GracefulExperimentExit, HandledException
from experimaestro.workspace.layout import RunDirectory, WorkspaceLayout
from experimaestro.workspace.runs import RunState

if TYPE_CHECKING:
    from experimaestro.launchers.base import Launcher
    from experimaestro.scheduler.job import Job, Listener
    from experimaestro.scheduler.recording import RunRecorder
    from experimaestro.scheduler.services import Service
    from experimaestro.scheduler.session import Session
    from experimaestro.scheduler.tokens import CounterToken
    from experimaestro.scheduler.workspace import Workspace
    from experimaestro.settings import WorkspaceSettings

    S = TypeVar("S", bound=Service)

LOGGER: Final = logging.getLogger("xpm")

_PACKAGE: Final = str(Path(__file__).absolute().parent.parent)


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
        self._env = env
        self._launcher = launcher
        self._dirty_git = DirtyGitAction(dirty_git)
        self._project_paths = [_caller_directory()] if project_paths is None else list(project_paths)
        self._stack = contextlib.ExitStack()
        self._workspace: Workspace | None = None
        self._session: Session | None = None
        self._recorder: RunRecorder | None = None
        self._services: dict[str, Service] = {}
        self._listeners: list[Listener] = []
        self._previous: experiment | None = None
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
        if self._workspace is None:
            raise NotEnteredError(self.name)
        return self._workspace

    @property
    def run_id(self) -> RunId:
        """The identifier of this run."""
        return self._recorder.run.run_id if self._recorder is not None else DRY_RUN_ID

    @property
    def workdir(self) -> Path:
        """The directory of this run."""
        return self._run.path

    run_dir = workdir

    @property
    def _run(self) -> RunDirectory:
        return self.workspace.layout.experiment(self.experiment_id).run(self.run_id)

    @property
    def jobspath(self) -> Path:
        """Links to the jobs of this run."""
        return self._run.jobs

    @property
    def jobsbakpath(self) -> Path:
        """Links to the jobs of the previous run."""
        return self.workspace.layout.summary(self.experiment_id).jobs_bak

    @property
    def alt_jobspaths(self) -> Iterator[Path]:
        """The jobs of the folders attached to the workspace."""
        for folder in self.workspace.settings.folders:
            yield WorkspaceLayout(folder.path).jobs

    @property
    def jobs_jsonl_path(self) -> Path:
        """The list of the jobs of this run."""
        return self._run.jobs_jsonl

    @property
    def resultspath(self) -> Path:
        """A directory for what the experiment concludes. It is not created.

        Raises NoResultsError when nothing is run.
        """
        if self.run_mode is not RunMode.NORMAL:
            raise NoResultsError(self.run_mode)
        return self._run.results

    @property
    def jobs(self) -> dict[JobId, Job]:
        """The jobs of this run."""
        return self._entered.jobs

    @property
    def failedJobs(self) -> dict[JobId, Job]:  # noqa: N802  # a public name
        """The jobs in error."""
        return {job.identifier: job for job in self._entered.failed}

    @property
    def unfinishedJobs(self) -> int:  # noqa: N802  # a public name
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

    def setenv(self, name: str, value: str, override: bool = True) -> None:  # noqa: FBT001, FBT002  # a public signature
        """Adds a variable to the environment of the jobs submitted from now on."""
        if override or name not in self.workspace.env:
            self.workspace.env[name] = value

    def token(self, name: str, count: int) -> CounterToken:
        """A number of units that jobs can hold while they run; all experiments on this machine share it by its name."""
        from experimaestro.scheduler.tokens import CounterToken  # what runs jobs comes late: see above

        directory = self._entered.launcher.connector.localpath / "tokens" / f"{name}.counter"
        return CounterToken(name, directory, count)

    def add_service(self, service: S) -> S:
        """Attaches a service to the experiment, and returns it; it stops with the experiment."""
        known = self._services.get(service.id)
        if known is not None and known is not service:
            LOGGER.warning("service %r replaces another one", service.id)
        self._services[service.id] = service
        service.set_experiment(self)
        return service

    def add_listener(self, listener: Listener) -> None:
        """Has an object told of what happens to jobs."""
        self._listeners.append(listener)

    def save(self, value: Any, name: str = "default") -> None:  # Any: a structure of configurations
        """Saves configurations with this run, for `load` in another experiment. Nothing happens when nothing is run."""
        if self.run_mode is RunMode.NORMAL:
            directory = self._run.data(name)
            directory.mkdir(parents=True, exist_ok=True)
            save(value, directory)

    def load(self, reference: str, name: str = "default", run_id: str | None = None) -> Any:  # Any: what was saved
        """Loads what a run of another experiment saved; the newest run that did, by default.

        Raises HandledException.
        """
        directory = self.workspace.layout.experiment(ExperimentId(reference))
        runs = [directory.run(RunId(run_id))] if run_id is not None else directory.runs()
        saved = [run.data(name) for run in runs if run.data(name).is_dir()]
        if not saved:
            raise HandledException(f"nothing was saved as {name!r} by experiment {reference!r} in {directory.path}")
        return load(saved[-1])

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
        with self._stack:
            self._enter()
            self._stack = self._stack.pop_all()
        return self

    def _enter(self) -> None:
        from experimaestro import __version__  # the facade: what runs jobs comes late, see above
        from experimaestro.launchers.direct import DirectLauncher
        from experimaestro.scheduler.session import Session

        self._workspace = _workspace(self._env, self.run_mode, self._launcher)
        if self.run_mode is RunMode.NORMAL:
            self._recorder = self._open_run(self._workspace)
        self._session = Session(
            self.name,
            self._workspace,
            launcher=self._launcher or DirectLauncher(),
            recorder=self._recorder,
            listeners=self._listeners,
            python_path=self._python_path,
            version=__version__,
        )
        self._stack.callback(self._session.close)
        SUBMITTERS.push(self._session)
        self._stack.callback(SUBMITTERS.remove, self._session)
        self._previous, experiment.CURRENT = experiment.CURRENT, self
        self._stack.callback(self._restore_previous)

    def _restore_previous(self) -> None:
        experiment.CURRENT = self._previous

    def _open_run(self, workspace: Workspace) -> RunRecorder:
        """Creates the directory of the run, once all that can refuse it was asked."""
        from experimaestro.scheduler import provenance  # what runs jobs comes late: see above
        from experimaestro.scheduler.recording import RunRecorder

        projects = provenance.git_states(self._project_paths)
        provenance.check_clean(projects, self._dirty_git)
        try:
            workspace.prepare_directories()
            self._take_lock(workspace)
            recorder = RunRecorder(workspace.layout, self.experiment_id)
            recorder.open(projects)
        except OSError as error:
            raise HandledException(f"cannot use {workspace.path} as a workspace: {error}") from error
        return recorder

    def _take_lock(self, workspace: Workspace) -> None:
        directory = workspace.layout.experiment(self.experiment_id)
        directory.path.mkdir(parents=True, exist_ok=True)
        lock = FileLock(directory.lock)
        if not lock.acquire(blocking=False):
            LOGGER.warning("experiment %r runs already in %s: waiting for its end", self.name, workspace.path)
            lock.acquire(blocking=True)
        self._stack.callback(lock.release)

    def _python_path(self) -> list[str]:
        """Where jobs look for modules: what the experiment adds, then where Python looks first for the program."""
        added = [str(path) for path in self.workspace.python_path]
        first = Path(sys.path[0] if sys.path else "").absolute()
        is_program = first == Path(sys.executable).parent  # a console script, not a file of the user
        return list(dict.fromkeys(added if is_program else [*added, str(first)]))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        with self._stack:
            if error is None:
                self._finish()
            else:
                self._abandon(error)
        return isinstance(error, GracefulExperimentExit)

    def _finish(self) -> None:
        try:
            self.wait()
        except BaseException as error:
            self._abandon(error)
            raise
        self._stop_services()
        self._entered.remove_transient()
        self._close(RunState.COMPLETED)

    def _abandon(self, error: BaseException) -> None:
        """Leaves without waiting: running jobs go on, and the next run finds them."""
        running = len(self._entered.running)
        if running and not isinstance(error, GracefulExperimentExit):
            LOGGER.warning("%d running jobs go on: the next run of %r waits for them", running, self.name)
        self._stop_services()
        leaves = isinstance(error, GracefulExperimentExit | KeyboardInterrupt)
        self._close(RunState.DETACHED if leaves else RunState.FAILED)

    def _stop_services(self) -> None:
        for service in self._services.values():
            service.stop()

    def _close(self, state: RunState) -> None:
        if self._recorder is not None:
            history = self.workspace.settings.history
            self._entered.close()
            self._recorder.close(state)
            self._recorder.prune(max_done=history.max_done, max_failed=history.max_failed)


def _workspace(env: Path | str | WorkspaceSettings, run_mode: RunMode, launcher: Launcher | None) -> Workspace:
    from experimaestro.scheduler.workspace import Workspace  # what runs jobs comes late: see above
    from experimaestro.settings import find_workspace, get_settings

    settings = find_workspace(workdir=Path(env)) if isinstance(env, str | Path) else env
    workspace = Workspace(settings, run_mode=run_mode, launcher=launcher)
    workspace.env = {**get_settings().env, **workspace.env}
    return workspace


def _caller_directory() -> Path:
    """The directory of the code that makes the experiment."""
    frame = sys._getframe()
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_PACKAGE):
        frame = frame.f_back
    file = frame.f_code.co_filename
    return Path(file).absolute().parent if os.path.exists(file) else Path.cwd()  # noqa: PTH110  # also "<stdin>"
