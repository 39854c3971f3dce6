"""Submitting tasks: what they need, what they give."""

from __future__ import annotations

import re
from typing import Any

import pytest

from experimaestro import (
    Config,
    DependentMarker,
    LightweightTask,
    Param,
    Prepare,
    RunMode,
    Task,
    field,
    stop_tags,
    tag,
    tags,
)
from experimaestro.core.graph import needed_tasks
from experimaestro.core.identifier import MissingValueError
from experimaestro.core.submission import NoExperimentError, NotSubmittedError, SubmissionError


class Model(Config):
    size: Param[int]


class Wrapper(Config):
    model: Param[Model]


class Learn(Task):
    size: Param[int]
    start: Param[Model | None] = field(default=None)

    def task_outputs(self, dep: DependentMarker) -> Model:
        return dep(Model.C(size=self.size))

    def execute(self) -> None: ...


class Plain(Task):
    size: Param[int]
    before: Param[Plain | None] = field(default=None)

    def execute(self) -> None: ...


class Use(Task):
    models: Param[list[Any]]
    chosen: Param[dict[str, Config]] = field(default_factory=dict)

    def execute(self) -> None: ...


class Step(LightweightTask):
    model: Param[Model]

    def execute(self) -> None: ...


class Download(Prepare):
    name: Param[str]

    def prepare(self) -> None: ...


def learn(size: int = 1) -> Model:
    return Learn.C(size=size).submit(run_mode=RunMode.DRY_RUN)


def needed(task: Task) -> set[Any]:
    return {id(config) for config in needed_tasks(task.__xpm__)}


# --- Submission


def test_submitting_prints_what_would_be_done(capsys: pytest.CaptureFixture[str]) -> None:
    model = learn()
    Use.C(models=[model]).tag("name", "x").submit(run_mode=RunMode.DRY_RUN)
    shown = capsys.readouterr().err
    assert re.search(r"Simulating .*\.use/[0-9a-f]{64} \(name=x\)", shown)
    assert re.search(r"\[Dependency\] Dep\[Job\[.*\.learn/[0-9a-f]{8}\]\]", shown)


def test_task_without_outputs_gives_itself() -> None:
    task = Plain.C(size=1)
    assert task.submit(run_mode=RunMode.DRY_RUN) is task
    assert task.jobpath.parts[0] == "jobs"
    assert task.stdout() == task.jobpath / "plain.out"


def test_task_needs_an_experiment() -> None:
    with pytest.raises(NoExperimentError, match=re.escape("submit(run_mode=RunMode.DRY_RUN)")):
        Plain.C(size=1).submit()


def test_task_is_submitted_once() -> None:
    task = Plain.C(size=1).submit(run_mode=RunMode.DRY_RUN)
    with pytest.raises(SubmissionError, match="was already submitted"):
        task.submit(run_mode=RunMode.DRY_RUN)


def test_instance_is_not_submitted() -> None:
    with pytest.raises(SubmissionError, match=re.escape("write Plain.C(...)")):
        Plain().submit()  # type: ignore[call-arg]  # the subject of the test


def test_incomplete_task_is_not_submitted() -> None:
    task = Plain.C()  # type: ignore[call-arg]  # the subject of the test
    with pytest.raises(MissingValueError, match="required parameter 'size'"):
        task.submit(run_mode=RunMode.DRY_RUN)
    task.size = 1
    assert task.submit(run_mode=RunMode.DRY_RUN).size == 1


def test_job_of_a_task_that_was_not_submitted_is_unknown() -> None:
    with pytest.raises(NotSubmittedError, match="was not submitted"):
        print(Plain.C(size=1).jobpath)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            Model.C(size=1),
            "init_tasks[0] of .*: found .*Model configuration .*expected the configuration of a Lightweight",
        ),
        (tag(Step.C(model=Model.C(size=1))), "init_tasks cannot be tagged"),
    ],
)
def test_initialization_tasks_are_lightweight_tasks(given: Any, expected: str) -> None:
    with pytest.raises(SubmissionError, match=expected.replace("[", r"\[")):
        Plain.C(size=1).submit(run_mode=RunMode.DRY_RUN, init_tasks=[given])


# --- Outputs


def test_output_knows_its_job() -> None:
    task = Learn.C(size=1)
    model = task.submit(run_mode=RunMode.DRY_RUN)
    assert model.jobpath == task.jobpath


def test_marking_twice_gives_the_same_object() -> None:
    class Twice(Task):
        def task_outputs(self, dep: DependentMarker) -> tuple[Model, Model]:
            model = Model.C(size=1)
            return dep(model), dep(model)

        def execute(self) -> None: ...

    one, other = Twice.C().submit(run_mode=RunMode.DRY_RUN)
    assert one is other


def test_task_may_mark_itself() -> None:
    class Itself(Task):
        def task_outputs(self, dep: DependentMarker) -> Itself:
            return dep(self)

        def execute(self) -> None: ...

    assert isinstance(Itself.C().submit(run_mode=RunMode.DRY_RUN), Itself)


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        (lambda: 3, r"dep\(\) marks configurations, found 3"),
        (lambda: Plain.C(size=1), r"marks the configurations that a task produces"),
        (learn, "is the output of another task already"),
    ],
)
def test_only_new_configurations_are_marked(output: Any, expected: str) -> None:
    class Wrong(Task):
        def task_outputs(self, dep: Any) -> Any:
            return dep(output())

        def execute(self) -> None: ...

    with pytest.raises(SubmissionError, match=expected):
        Wrong.C().submit(run_mode=RunMode.DRY_RUN)


# --- Dependencies


def test_outputs_and_tasks_are_needed_wherever_they_are() -> None:
    plain = Plain.C(size=1).submit(run_mode=RunMode.DRY_RUN)
    models = [learn(size) for size in range(4)]
    task = Use.C(
        models=[plain, [models[0]], {"a": models[1]}, (models[2],)], chosen={"x": Wrapper.C(model=models[3])}
    ).submit(run_mode=RunMode.DRY_RUN)
    expected = {id(plain), *(id(model.__xpm__.task) for model in models)}
    assert needed(task) == expected


def test_tasks_of_initialization_tasks_and_explicit_dependencies_are_needed() -> None:
    one, other = learn(1), learn(2)
    task = Plain.C(size=1).add_dependencies(other)
    task.submit(run_mode=RunMode.DRY_RUN, init_tasks=[Step.C(model=one)])
    assert needed(task) == {id(model.__xpm__.task) for model in (one, other)}


def test_what_a_needed_task_needs_is_its_own_affair() -> None:
    first = Plain.C(size=1).submit(run_mode=RunMode.DRY_RUN)
    second = Plain.C(size=2, before=first).submit(run_mode=RunMode.DRY_RUN)
    third = Plain.C(size=3, before=second).submit(run_mode=RunMode.DRY_RUN)
    assert needed(third) == {id(second)}


def test_preparations_are_needed() -> None:
    data = Download.C(name="mnist")
    task = Use.C(models=[data]).submit(run_mode=RunMode.DRY_RUN)
    assert needed(task) == {id(data)}


def test_task_needs_each_task_once() -> None:
    model = learn()
    task = Use.C(models=[model, model], chosen={"a": model}).submit(run_mode=RunMode.DRY_RUN)
    assert len(needed_tasks(task.__xpm__)) == 1


# --- Tags


def test_tags_come_through_outputs() -> None:
    model = Learn.C(size=tag(3)).submit(run_mode=RunMode.DRY_RUN)
    assert tags(model) == {"size": 3}
    assert tags(Use.C(models=[model])) == {"size": 3}


def test_tags_of_initialization_tasks_can_be_stopped() -> None:
    steps = [Step.C(model=Model.C(size=tag(size))) for size in (1, 2)]
    kept, stopped = Plain.C(size=1), Plain.C(size=1)
    kept.submit(run_mode=RunMode.DRY_RUN, init_tasks=[steps[0]])
    stopped.submit(run_mode=RunMode.DRY_RUN, init_tasks=[stop_tags(steps[1])])
    assert (tags(kept), tags(stopped)) == ({"size": 1}, {})
