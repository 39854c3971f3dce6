"""From a task to a job: validate, seal, find what it needs, hand it to the experiment, give its output."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from experimaestro._types import JobId, JobState, RunMode, TaskId
from experimaestro.core.context import JobContext, job_identifier, task_identifier
from experimaestro.core.graph import needed_tasks
from experimaestro.core.sealing import seal, validate
from experimaestro.core.state import ConfigState, Configuration
from experimaestro.core.tags import is_annotated, tags
from experimaestro.core.values import describe
from experimaestro.core.watching import check_followed, hand_over
from experimaestro.exceptions import ExperimaestroError, HandledException
from experimaestro.ports import JobHandle, SubmitOptions, Submitter


class SubmissionError(ExperimaestroError, ValueError):
    """A task cannot be submitted."""


class NoExperimentError(HandledException):
    """A task is submitted outside of any experiment."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} is submitted outside of an experiment: write `with experiment(directory, name) as xp:` around it, "
            "or submit(run_mode=RunMode.DRY_RUN)"
        )


class NotSubmittedError(ExperimaestroError, AssertionError):
    """The job of a task is asked for before the task is submitted."""

    def __init__(self, state: ConfigState) -> None:
        super().__init__(f"{state.xpmtype.name()} (built at {state.where()}) was not submitted: it has no job")


class Submitters:
    """The experiments being built, innermost last."""

    def __init__(self) -> None:
        self._stack: list[Submitter[Configuration]] = []
        self._called = threading.local()
        self.turn: Final = threading.RLock()
        """Held by the thread that submits: what is called while jobs run may submit too."""

    def push(self, submitter: Submitter[Configuration]) -> None:
        """Makes an experiment the current one."""
        self._stack.append(submitter)

    def remove(self, submitter: Submitter[Configuration]) -> None:
        """Forgets an experiment that ended."""
        self._stack.remove(submitter)

    def current(self) -> Submitter[Configuration] | None:
        """The innermost experiment or, for a function that an experiment calls, that one."""
        called: list[Submitter[Configuration]] = getattr(self._called, "by", [])
        return next(reversed([*self._stack, *called]), None)

    @contextmanager
    def within(self, submitter: Submitter[Configuration]) -> Generator[None, None, None]:
        """For what an experiment calls in this thread."""
        former: list[Submitter[Configuration]] = getattr(self._called, "by", [])
        self._called.by = [*former, submitter]
        try:
            yield
        finally:
            self._called.by = former


SUBMITTERS: Final = Submitters()


def submit(config: object, options: SubmitOptions, init_tasks: Sequence[Any]) -> Any:
    """Submits a task, and returns its output. (Any: initialization tasks, checked; what `task_outputs` returns.)

    Raises SubmissionError, NoExperimentError, and what validation raises.
    """
    with SUBMITTERS.turn:
        return _submit(config, options, init_tasks)


def _submit(config: object, options: SubmitOptions, init_tasks: Sequence[Any]) -> Any:  # Any: as above
    if not isinstance(config, Configuration):
        raise SubmissionError(f"found an instance, expected a configuration: write {type(config).__qualname__}.C(...)")
    state = config.__xpm__
    if state.task is not None:
        raise SubmissionError(f"task {state.xpmtype.name()} (built at {state.where()}) was already submitted")
    submitter = SUBMITTERS.current()
    if submitter is None:
        if options.run_mode is not RunMode.DRY_RUN:
            raise NoExperimentError(state.xpmtype.name())
        submitter = SIMULATION
    if init_tasks:
        _set_init_tasks(state, init_tasks)
    validate(state)
    seal(state, JobContext(config, submitter))
    check_followed(state)
    dependencies = needed_tasks(state)
    state.task = config
    try:
        state.job = submitter.submit(config, dependencies, options)
    except BaseException:
        state.task = None
        raise
    hand_over(state, state.job)
    return _output(config, submitter)


def _set_init_tasks(state: ConfigState, init_tasks: Sequence[Any]) -> None:  # Any: checked here
    for index, given in enumerate(init_tasks):
        task: object = given
        if is_annotated(given):
            if given.tagged:
                raise SubmissionError("init_tasks cannot be tagged: tag one of their parameters")
            state.stopped = {*(state.stopped or ()), index}
            task = given.value
        if not isinstance(task, Configuration) or not task.__xpm__.xpmtype.is_executable:
            raise SubmissionError(
                f"init_tasks[{index}] of {state.xpmtype.name()}: found {describe(task)}, expected the configuration of "
                "a LightweightTask"
            )
        state.init_tasks.append(task)


class Marker:
    """Given to `task_outputs` as `dep`: says that a configuration is produced by the task."""

    def __init__(self, task: Configuration, *, is_early: bool = False) -> None:
        """`is_early`: the configuration can be used before the task ends."""
        self._task = task
        self._is_early = is_early

    def __call__(self, config: Any) -> Any:  # Any: typed by DependentMarker, whose implementation this is
        """Marks a configuration, and returns it: whoever uses it depends on the task.

        Raises SubmissionError.
        """
        if config is self._task and not self._is_early:
            return config
        if not isinstance(config, Configuration):
            raise SubmissionError(f"dep() marks configurations, found {describe(config)}")
        state = config.__xpm__
        if state.xpmtype.is_task:
            raise SubmissionError(f"dep() marks the configurations that a task produces, found {describe(config)}")
        if state.task not in (None, self._task):
            raise SubmissionError(f"{describe(config)} is the output of another task already")
        if state.task is None:
            state.task, state.identity, state.shared_tags = self._task, None, None
            state.is_early = self._is_early
        state.is_early = state.is_early and self._is_early
        return config


def _output(config: Configuration, submitter: Submitter[Configuration]) -> Any:  # Any: what the user returns
    marker = Marker(config)
    value_type = config.__xpm__.xpmtype.value_type
    submitted = getattr(value_type, "__submit__", None)
    if submitted is not None:
        return submitted(config, marker, submitter.add_action)
    outputs = getattr(value_type, "task_outputs", None)
    return config if outputs is None else outputs(config, marker)


class Simulation:
    """Says what would be done, outside of any experiment."""

    @property
    def run_mode(self) -> RunMode:
        return RunMode.DRY_RUN

    def job_path(self, task_id: TaskId, job_id: JobId) -> Path:
        return Path("jobs", task_id, job_id)

    def partial_path(self, task_id: TaskId, name: str, identifier: str) -> Path:
        return Path("partials", task_id, name, identifier)

    def submit(self, task: Configuration, dependencies: Sequence[Configuration], options: SubmitOptions) -> JobHandle:
        task_id, job_id = task_identifier(task), job_identifier(task)
        report_simulation(task, dependencies, status="not run", launcher=str(options.launcher or "default"))
        return SimulatedJob(job_id, task_id, self.job_path(task_id, job_id))

    def add_action(self, action: Configuration) -> str:
        validate(action.__xpm__)
        seal(action.__xpm__)
        return job_identifier(action)


SIMULATION: Final[Submitter[Configuration]] = Simulation()


class SimulatedJob:
    """The job of a task that is not run here."""

    def __init__(self, identifier: JobId, task_id: TaskId, path: Path, state: JobState = JobState.UNSCHEDULED) -> None:
        self.state = state
        self.identifier = identifier
        self.task_id = task_id
        self.path = path
        name = task_id.rpartition(".")[2]
        self.stdout = path / f"{name}.out"
        self.stderr = path / f"{name}.err"

    def wait(self) -> JobState:
        return self.state

    def on_completed(self, callback: Callable[[], object]) -> None:
        """What does not run does not succeed."""

    def watch_output(self, method: Callable[..., Any], callback: Callable[[Any], object]) -> None:  # Any: users' values
        """What does not run registers nothing."""


def report_simulation(
    task: Configuration, dependencies: Sequence[Configuration], *, status: str, launcher: str
) -> None:
    """Prints, on the standard error output, what would be done with a task."""
    tagged = ", ".join(f"{name}={value}" for name, value in tags(task).items())
    lines = [
        f"[{status}] Simulating {task_identifier(task)}/{job_identifier(task)} ({tagged})",
        f"   [Launcher] {launcher}",
        *(f"   [Dependency] Dep[{_short_name(needed)}]" for needed in dependencies),
        *(() if dependencies else ("   [No dependencies]",)),
    ]
    sys.stderr.write("\n".join(lines) + "\n\n")


def _short_name(config: Configuration) -> str:
    short = job_identifier(config)[:8]
    if config.__xpm__.xpmtype.is_preparation:
        return f"prepare[{short}]"
    return f"Job[{task_identifier(config)}/{short}]"
