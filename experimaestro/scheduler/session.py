"""An experiment under way: takes submitted tasks, and does with them what the run mode says."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, assert_never

from experimaestro._types import DRY_RUN_ID, ExperimentId, JobId, JobState, RunId, RunMode, TaskId, TransientMode
from experimaestro.core.actions import Action
from experimaestro.core.context import JobContext, job_identifier, task_identifier
from experimaestro.core.generators import PathGenerator
from experimaestro.core.graph import described, needed_tasks
from experimaestro.core.hooks import hooks_of
from experimaestro.core.serialization import load, save
from experimaestro.core.state import Configuration, ObjectType
from experimaestro.core.submission import SUBMITTERS, SubmissionError
from experimaestro.exceptions import ExperimentStopped, FailedExperiment, GracefulExperimentExit, HandledException
from experimaestro.launchers.base import Launcher
from experimaestro.ports import JobHandle, SubmitOptions
from experimaestro.scheduler.actions import sealed_action
from experimaestro.scheduler.callbacks import Callbacks
from experimaestro.scheduler.execution import JobRunner, find
from experimaestro.scheduler.folders import Folders
from experimaestro.scheduler.job import Dependencies, Job, JobDependency, Listener
from experimaestro.scheduler.messages import Found, PoolName, Work
from experimaestro.scheduler.outputs import OutputWatcher
from experimaestro.scheduler.recording import RunRecorder
from experimaestro.scheduler.register import Register
from experimaestro.scheduler.rehearsal import Rehearsal
from experimaestro.scheduler.report import failure_report
from experimaestro.scheduler.runtime import Runtime
from experimaestro.scheduler.services import Service
from experimaestro.scheduler.tokens import CounterToken, TokenDependency
from experimaestro.scheduler.validity import settled
from experimaestro.scheduler.workspace import Workspace
from experimaestro.workspace.copies import remove
from experimaestro.workspace.folders import Folder
from experimaestro.workspace.layout import JobDirectory, RunDirectory
from experimaestro.workspace.runs import RunState

LOGGER: Final = logging.getLogger("xpm")

JOBS: Final = logging.getLogger("xpm.jobs")
"""Failures of jobs: silenced by those who listen to jobs and show them in their own way."""

_DEFAULTS: Final = SubmitOptions(None, None, None, None, None)
_PREPARATION: Final = _DEFAULTS._replace(transient=TransientMode.TRANSIENT)
"""A preparation is wanted by the jobs that are to be run, not for itself."""


class LocalClassError(SubmissionError):
    """A class cannot be found by another process."""

    def __init__(self, objecttype: ObjectType) -> None:
        super().__init__(
            f"{objecttype.name()} is defined inside a function: a job could not import it; define it at the top level "
            "of a module"
        )


class NothingSavedError(HandledException):
    """What another experiment saved is asked for, and it did not."""

    def __init__(self, reference: str, name: str, path: Path) -> None:
        super().__init__(f"nothing was saved as {name!r} by experiment {reference!r} in {path}")


class Session:
    """Takes the tasks of an experiment."""

    def __init__(
        self,
        experiment_id: ExperimentId,
        workspace: Workspace,
        *,
        launcher: Launcher,
        folders: Sequence[Folder],
        recorder: RunRecorder | None,
        listeners: list[Listener],
        python_path: Callable[[], Sequence[str]],
    ) -> None:
        self.experiment_id = experiment_id
        self.workspace = workspace
        self.launcher = launcher
        self.jobs: dict[JobId, Job] = {}
        self.actions: dict[str, Action] = {}
        self._listeners = listeners
        self._recorder = recorder
        self._python_path = python_path
        self._preparations: dict[JobId, Job] = {}
        self.folders = Folders(workspace, folders, are_written=recorder is not None)
        self._register = Register()
        self._rehearsal = Rehearsal(workspace, self.folders, self._register, python_path)
        self._is_stopped = False
        self._is_closed = False
        self._requests = 0
        """Counts submissions, and outputs to watch: what may give more to do to a session that seems idle."""
        self._callbacks = Callbacks(self)
        self._outputs = OutputWatcher(self._callbacks.call, self._notify)
        self._runtime: Runtime | None = None
        if recorder is not None:
            runner = JobRunner(workspace, self._register, python_path=python_path)
            self._runtime = Runtime(runner, self)

    @property
    def run(self) -> RunDirectory:
        """The directory of this run; it does not exist when nothing is run."""
        if self._recorder is not None:
            return self._recorder.run
        return self.workspace.layout.experiment(self.experiment_id).run(DRY_RUN_ID)

    @property
    def run_mode(self) -> RunMode:
        return self.workspace.run_mode

    def job_path(self, task_id: TaskId, job_id: JobId) -> Path:
        """The directory of a job."""
        return self.workspace.layout.job(task_id, job_id).path

    def partial_path(self, task_id: TaskId, name: str, identifier: str) -> Path:
        """The directory shared by the tasks with a partial identifier."""
        return self.workspace.layout.partial(task_id, name, identifier)

    def submit(self, task: Configuration, dependencies: Sequence[Configuration], options: SubmitOptions) -> JobHandle:
        """Does with a task what the run mode says.

        Raises ExperimentStopped, SubmissionError, IdentityCollisionError, OSError.
        """
        if self._is_stopped or self._is_closed:
            raise ExperimentStopped(
                f"experiment {self.experiment_id!r} was stopped: {task_identifier(task)} is not submitted"
            )
        self._requests += 1
        self._register.admit(task, self._directory(task))
        mode = options.run_mode or self.run_mode
        match mode:
            case RunMode.NORMAL:
                return self._run(task, dependencies, options)
            case RunMode.DRY_RUN:
                return self._rehearsal.simulate(task, dependencies, self._launcher(options))
            case RunMode.GENERATE_ONLY:
                return self._rehearsal.generate(task, dependencies, self._launcher(options))
            case RunMode.PREPARE:
                return self._rehearsal.prepare(task, dependencies)
            case _:
                assert_never(mode)

    def add_action(self, action: object) -> str:
        """Attaches an action to the experiment, and returns its identifier.

        Raises TypeError, ValueError, OSError.
        """
        with SUBMITTERS.turn:
            identifier, sealed = sealed_action(action)
            if identifier not in self.actions:
                self.actions[identifier] = sealed
                if self._recorder is not None:
                    self._recorder.add_action(identifier, sealed)
            return identifier

    def call(self, job: Job, what: str, function: Callable[[], object]) -> bool:
        """Calls a function of the user; what it raises makes the experiment fail."""
        return self._callbacks.call(job, what, function)

    def watch_output(self, job: Job, method: Callable[..., Any], callback: Callable[[Any], object]) -> None:
        """Has a function called with each output that the job registers with a method.

        Raises ExperimentStopped.
        """
        if self._is_closed:
            raise ExperimentStopped(f"experiment {self.experiment_id!r} has ended: {job} is not watched")
        self._requests += 1
        self._outputs.watch(job, method, callback)

    def add_service(self, service: Service) -> None:
        """Records a service of the experiment."""
        if self._recorder is not None:
            self._recorder.add_service(service)

    def changed(self, job: Job) -> None:
        """Tells the record and the listeners (in the thread of the scheduler)."""
        if job.state is JobState.RUNNING:
            job.starttime = time.time()
        elif job.state.finished():
            job.endtime = time.time()
            self.folders.add(job)
        if self._recorder is not None:
            self._recorder.changed(job)
        if job.state is JobState.ERROR and job.failure is not None and job.failure.cause is None:
            JOBS.error("%s failed: %s", job, job.failure.message)
        self._outputs.touch(job)
        self._tell(lambda listener: listener.job_state(job))

    def addlistener(self, listener: Listener) -> None:
        """Has an object told of what happens to jobs."""
        self._listeners.append(listener)

    def _tell(self, tell: Callable[[Listener], None]) -> None:
        for listener in tuple(self._listeners):  # another thread may add one
            try:
                tell(listener)
            except Exception:  # the code of the user: the experiment goes on
                LOGGER.exception("a listener of experiment %r failed", self.experiment_id)

    def stop(self) -> None:
        """Takes no more tasks, and starts none; running jobs go on."""
        self._is_stopped = True
        self._outputs.stop()
        if self._runtime is not None:
            self._runtime.stop()

    def wait(self) -> None:
        """Blocks until all jobs ended, and all that they registered is told.

        Raises FailedExperiment, ExperimentStopped.
        """
        if self._runtime is None:
            return
        self._runtime.wait_for(lambda: self._is_stopped or self._is_over())
        failures = self._callbacks.failures
        if self.failed or failures:
            jobs = [*self._preparations.values(), *self.jobs.values()]
            raise FailedExperiment(failure_report(self.experiment_id, jobs, failures))
        if self._is_stopped:
            raise ExperimentStopped(f"experiment {self.experiment_id!r} was stopped: {self._unfinished()}")

    def _is_over(self) -> bool:
        requests = self._requests
        is_idle = self._outputs.is_idle() and self._runtime is not None and self._runtime.is_idle()
        return is_idle and requests == self._requests  # callbacks may have asked for more between the two looks

    def _notify(self) -> None:
        if self._runtime is not None:
            self._runtime.notify()

    def _unfinished(self) -> str:
        running = sum(job.state.running() for job in self.jobs.values())
        waiting = sum(job.state.notstarted() for job in self.jobs.values())
        return f"jobs that go on: {running}, that did not start: {waiting}"

    @property
    def failed(self) -> list[Job]:
        """The jobs in error."""
        return [job for job in tuple(self.jobs.values()) if job.state is JobState.ERROR]

    @property
    def running(self) -> list[Job]:
        """The jobs under way."""
        return [job for job in tuple(self.jobs.values()) if job.state.running()]

    def close(self) -> None:
        """Ends the threads; running jobs go on."""
        with SUBMITTERS.turn:  # callbacks that still run submit nothing more
            self._is_closed = True
        self._outputs.stop()
        self.folders.close()
        if self._runtime is not None:
            self._runtime.close()

    def finish(self) -> None:
        """Waits for the jobs, and for the copies of their results; ends the run.

        Raises FailedExperiment, ExperimentStopped, UnarchivedError.
        """
        try:
            with self.folders.completed(self.jobs):
                self.wait()
            self._remove_transient()
        except BaseException as error:
            self.abandon(error)
            raise
        self._end_run(RunState.COMPLETED)
        self.folders.check()

    def abandon(self, error: BaseException) -> None:
        """Ends the run without waiting: running jobs go on, and the next run finds them."""
        if self.running and not isinstance(error, GracefulExperimentExit):
            LOGGER.warning("jobs that go on: %d; the next run of %r finds them", len(self.running), self.experiment_id)
        leaves = isinstance(error, GracefulExperimentExit | ExperimentStopped | KeyboardInterrupt)
        self._end_run(RunState.DETACHED if leaves else RunState.FAILED)

    def _end_run(self, state: RunState) -> None:
        self.close()
        if self._recorder is not None:
            history = self.workspace.settings.history
            self._recorder.close(state)
            self._recorder.prune(max_done=history.max_done, max_failed=history.max_failed)

    def _remove_transient(self) -> None:
        """Removes the directories of the jobs whose result is no longer wanted."""
        for job in self.jobs.values():
            if job.transient is TransientMode.REMOVE and job.state is JobState.DONE:
                remove(job.path, job.name)
                if self._recorder is not None:
                    self._recorder.forget(job)

    # Beside the jobs

    def token(self, name: str, count: int) -> CounterToken:
        """A counter token of this machine."""
        return CounterToken(name, self.launcher.connector.localpath / "tokens" / f"{name}.counter", count)

    def save(self, value: Any, name: str) -> None:  # Any: a structure of configurations
        """Saves configurations with this run, if there is one."""
        if self._recorder is not None:
            directory = self.run.data(name)
            directory.mkdir(parents=True, exist_ok=True)
            save(value, directory)

    def load(self, reference: str, name: str, run_id: str | None) -> Any:  # Any: what was saved
        """Loads what a run of another experiment saved.

        Raises NothingSavedError.
        """
        directory = self.workspace.layout.experiment(ExperimentId(reference))
        runs = [directory.run(RunId(run_id))] if run_id is not None else directory.runs()
        saved = [run.data(name) for run in runs if run.data(name).is_dir()]
        if not saved:
            raise NothingSavedError(reference, name, directory.path)
        return load(saved[-1])

    # Running

    def _run(self, task: Configuration, dependencies: Sequence[Configuration], options: SubmitOptions) -> Job:
        if self._runtime is None or self._recorder is None:
            raise SubmissionError(f"{task_identifier(task)}: run_mode NORMAL in an experiment that runs nothing")
        _check_importable(task)
        known = self.jobs.get(job_identifier(task))
        found = self._found(task) if known is None else find(known.directory)
        job = self._job(task, options)
        job.dependencies = Dependencies(JobDependency(self._needed(needed)) for needed in dependencies)
        self._hook(job)
        if known is not None:
            LOGGER.warning("%s is submitted twice: it is one job", known)
            known.renew(job)
            self._runtime.submit(known, _work(known), found)
            return known
        self.jobs[job.identifier] = job
        self._recorder.add(job)
        job.submitted_time = time.time()
        self._tell(lambda listener: listener.job_submitted(job))
        self._runtime.submit(job, _work(job), found)
        return job

    def _found(self, task: Configuration) -> Found:
        directory = self._directory(task)
        self.folders.recall(directory, lambda source: self._register.check_stored(task, source))
        return settled(task, directory, lambda: self._rehearsal.describe(task, directory))

    def _job(self, config: Configuration, options: SubmitOptions) -> Job:
        retries = self.workspace.settings.max_retries if options.max_retries is None else options.max_retries
        return Job(
            config,
            self._directory(config),
            launcher=self._launcher(options),
            keeper=self,
            max_retries=retries,
            transient=TransientMode.NONE if options.transient is None else options.transient,
        )

    def _directory(self, config: Configuration) -> JobDirectory:
        """Where the job of a task is: in the workspace of the experiment that took it first."""
        taken = config.__xpm__.job
        if isinstance(taken, Job):
            return taken.directory
        return self.workspace.layout.job(task_identifier(config), job_identifier(config))

    def wait_for(self, is_over: Callable[[], bool]) -> None:
        """Blocks until a condition on jobs holds, or will never hold since the experiment was stopped."""
        runtime = self._runtime
        if runtime is not None:
            runtime.wait_for(lambda: is_over() or (self._is_stopped and runtime.is_idle()))

    def cancel(self, job: Job) -> None:
        """Gives a job up."""
        if self._runtime is not None:
            self._runtime.cancel(job)

    def _launcher(self, options: SubmitOptions) -> Launcher:
        launcher = options.launcher or self.launcher
        if not isinstance(launcher, Launcher):
            raise SubmissionError(f"found {launcher!r} as launcher, expected a Launcher such as DirectLauncher()")
        return launcher

    def _hook(self, job: Job) -> None:
        """Lets launchers and configuration classes change the job."""
        job.launcher.on_submit(job)
        for hook in hooks_of(job.config.__xpm__):
            hook.process(job, job.launcher)
        given = job.config.__xpm__.dependencies
        job.tokens = [each for each in (*given, *job.dependencies.tokens) if isinstance(each, TokenDependency)]
        if find(job.directory) is not Found.DONE:
            job.tokens += self._partial_locks(job.config)

    def _partial_locks(self, config: Configuration) -> Iterator[TokenDependency]:
        """A job is alone in the directories that it shares with those of the same partial identifiers."""
        context = JobContext(config, self)
        for state in described(config.__xpm__):
            for argument in state.xpmtype.generated:
                if isinstance(argument.generator, PathGenerator) and argument.generator.partial is not None:
                    shared = context.partial_path(argument.generator.partial, state.pyobject)
                    yield CounterToken("partial", shared / ".experimaestro" / "locks", 1).dependency()

    def _needed(self, config: Configuration) -> Job:
        """The job of a dependency; what another experiment submitted becomes a job of this one."""
        if config.__xpm__.xpmtype.is_preparation:
            return self._preparation(config)
        known = self.jobs.get(job_identifier(config))
        if known is None or known.config is not config:
            self._register.admit(config, self._directory(config))
        if known is not None:
            return known
        is_done = self._found(config) is Found.DONE
        return self._run(config, [] if is_done else needed_tasks(config.__xpm__), _DEFAULTS)

    def _preparation(self, config: Configuration) -> Job:
        known = self._preparations.get(job_identifier(config))
        if known is None or known.config is not config:
            self._register.admit(config, None)
        if known is not None and not known.state.is_error():
            return known
        job = self._job(config, _PREPARATION)
        job.dependencies = Dependencies(JobDependency(self._needed(needed)) for needed in needed_tasks(config.__xpm__))
        known = self._preparations.setdefault(job.identifier, job)
        known.renew(job)
        if self._runtime is not None:
            self._runtime.submit(known, _work(known), Found.ABSENT)
        return known


def _check_importable(task: Configuration) -> None:
    for objecttype in {state.xpmtype: None for state in described(task.__xpm__)}:
        if objecttype.is_local:
            raise LocalClassError(objecttype)


def _work(job: Job) -> Work:
    tokens = tuple((need.name, need.count) for need in job.tokens)
    return Work(
        key=job.key,
        dependencies=tuple(dict.fromkeys(dependency.origin.key for dependency in job.dependencies)),
        pool=None if job.is_preparation else PoolName(job.pool.name),
        tokens=tokens,
        transient=job.transient,
        max_retries=job.max_retries,
        resumable=job.resumable,
    )
