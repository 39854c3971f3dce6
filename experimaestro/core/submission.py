"""From a task to a job: validate, seal, find what it needs, hand it to the experiment, give its output."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import Any, Final, cast

from experimaestro._types import JobId, JobState, RunMode, TaskId, TransientMode
from experimaestro.core.context import JobContext, job_identifier, task_identifier
from experimaestro.core.contracts import check_defined, check_methods
from experimaestro.core.environment import Env
from experimaestro.core.graph import needed_tasks
from experimaestro.core.kinds import Kinds
from experimaestro.core.outputs import SubmissionError as SubmissionError
from experimaestro.core.outputs import output_of
from experimaestro.core.sealing import seal, validate
from experimaestro.core.state import ConfigState, Configuration, Declared, configurations
from experimaestro.core.tags import is_annotated, tags
from experimaestro.core.values import describe
from experimaestro.core.watching import check_followed, hand_over
from experimaestro.exceptions import ExperimaestroError, HandledException
from experimaestro.ports import JobHandle, SubmitOptions, Submitter


class NoExperimentError(HandledException):
    """A task is submitted outside of any experiment."""

    def __init__(self, name: str) -> None:
        if Env.instance().taskpath is not None:
            advice = (
                "a running task cannot submit tasks; submit it in the plan, and make it a parameter of those using it"
            )
        else:
            advice = "write `with experiment(directory, name) as xp:` around it, or submit(run_mode=RunMode.DRY_RUN)"
        super().__init__(f"{name} is submitted outside of an experiment: {advice}")


class NotSubmittedError(ExperimaestroError, AssertionError):
    """The job of a task is asked for before the task is submitted."""

    def __init__(self, state: ConfigState) -> None:
        super().__init__(f"{state.xpmtype.name()} (built at {state.where()}) was not submitted: it has no job")


class Submitters:
    """The experiments being built, innermost last."""

    def __init__(self) -> None:
        self._stack: list[Submitter[Configuration]] = []
        self._called = threading.local()
        self._kinds: dict[int, Kinds] = {}
        self.turn: Final = threading.RLock()
        """Held by the thread that submits: what is called while jobs run may submit too."""

    def push(self, submitter: Submitter[Configuration]) -> None:
        """Makes an experiment the current one."""
        self._stack.append(submitter)
        self._kinds[id(submitter)] = Kinds()

    def remove(self, submitter: Submitter[Configuration]) -> None:
        """Forgets an experiment that ended."""
        self._stack.remove(submitter)
        del self._kinds[id(submitter)]

    def current(self) -> Submitter[Configuration] | None:
        """The innermost experiment or, for a function that an experiment calls, that one."""
        called: list[Submitter[Configuration]] = getattr(self._called, "by", [])
        return next(reversed([*self._stack, *called]), None)

    def kinds(self, submitter: Submitter[Configuration]) -> Kinds:
        """The classes that an experiment uses."""
        return self._kinds.get(id(submitter)) or Kinds()

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
    _check_options(state, options)
    submitter = SUBMITTERS.current()
    if submitter is None:
        if RunMode.DRY_RUN not in (options.run_mode, getattr(options.workspace, "run_mode", None)):
            raise NoExperimentError(state.xpmtype.name())
        submitter = SIMULATION
    if init_tasks:
        _set_init_tasks(state, init_tasks)
    described = validate(state)
    _check_described(described, submitter, is_run=submitter is not SIMULATION and options.run_mode != RunMode.DRY_RUN)
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
    return output_of(config, submitter.add_action)


def _check_options(state: ConfigState, options: SubmitOptions) -> None:
    """Raises SubmissionError."""
    is_wrong = {
        "run_mode": not _is_one_of(RunMode, options.run_mode),
        "transient": not _is_one_of(TransientMode, options.transient),
        "max_retries": not _is_number(options.max_retries),
    }
    for name in (name for name, wrong in is_wrong.items() if wrong):
        found: object = getattr(options, name)
        raise SubmissionError(
            f"{name} of {state.xpmtype.name()} (built at {state.where()}): found {describe(found)}, expected "
            f"{_OPTIONS[name]}"
        )


_OPTIONS: Final = {
    "run_mode": "a RunMode such as RunMode.DRY_RUN",
    "transient": "TransientMode.NONE, TransientMode.TRANSIENT or TransientMode.REMOVE",
    "max_retries": "a number",
}


def _is_number(found: object) -> bool:
    return found is None or (isinstance(found, int) and not isinstance(found, bool))


def _is_one_of(kind: type[Enum], found: object) -> bool:
    return found is None or (not isinstance(found, bool) and found in tuple(kind))


def _check_described(described: Sequence[ConfigState], submitter: Submitter[Configuration], *, is_run: bool) -> None:
    """Makes sure that a task and what it is made from can be run.

    What is only looked at may lack what it takes to run, as in notebooks and examples.

    Raises SubmissionError, UnusableMethodError, DuplicateIdentifierError.
    """
    for state in described:
        if state.dependencies:
            _check_submitted(state)
    kinds = {state.xpmtype: None for state in described}
    for kind in kinds:
        check_methods(kind)
        if is_run:
            check_defined(kind)
    if is_run:
        SUBMITTERS.kinds(submitter).add(kinds)


def _check_submitted(state: ConfigState) -> None:
    for needed in configurations(state.dependencies):
        if needed.xpmtype.is_task and not needed.is_job:
            raise SubmissionError(
                f"{state.xpmtype.name()} (built at {state.where()}) depends on {needed.xpmtype.name()} (built at "
                f"{needed.where()}), which was not submitted: call .submit() on it before"
            )


def _set_init_tasks(state: ConfigState, init_tasks: object) -> None:
    if not isinstance(init_tasks, Iterable):
        raise SubmissionError(
            f"init_tasks of {state.xpmtype.name()}: found {describe(init_tasks)}, expected a list: init_tasks=[...]"
        )
    for index, given in enumerate(cast("Iterable[object]", init_tasks)):  # whatever they are
        task: object = given
        if is_annotated(given):
            if given.tagged:
                raise SubmissionError("init_tasks cannot be tagged: tag one of their parameters")
            state.stopped = {*(state.stopped or ()), index}
            task = given.value
        if not isinstance(task, Configuration) or not task.__xpm__.xpmtype.is_executable:
            raise SubmissionError(
                f"init_tasks[{index}] of {state.xpmtype.name()}: found {describe(task)}, expected the configuration of "
                f"a LightweightTask{_configuration_of(task)}"
            )
        state.init_tasks.append(task)


def _configuration_of(found: object) -> str:
    """How to write what a class, or an instance, stands for."""
    kind: type = found if isinstance(found, type) else type(found)
    is_declared = issubclass(kind, Declared) and not issubclass(kind, Configuration)
    return f": write {kind.__qualname__}.C(...)" if is_declared else ""


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
