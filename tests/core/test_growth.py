"""Work grows linearly with the plan, and nothing recurses: plans have tens of thousands of tasks."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from experimaestro import Config, DependentMarker, Param, RunMode, SerializationContext, Task, copyconfig, field, tags
from experimaestro.core.definitions import DefinitionWriter
from experimaestro.core.graph import needed_tasks


class Model(Config):
    size: Param[int]


class Learn(Task):
    size: Param[int]
    start: Param[Model | None] = field(default=None)

    def task_outputs(self, dep: DependentMarker) -> Model:
        return dep(Model.C(size=self.size))

    def execute(self) -> None: ...


class Chained(Task):
    size: Param[int]
    before: Param[Chained | None] = field(default=None)

    def execute(self) -> None: ...


class Nested(Config):
    inner: Param[Nested | None] = field(default=None)
    size: Param[int] = field(default=1)


class Wide(Task):
    models: Param[list[Model]]

    def execute(self) -> None: ...


@contextmanager
def calls() -> Iterator[Callable[[], int]]:
    """Counts the calls of Python functions: what no other load on the machine disturbs."""
    count = 0

    def profile(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(profile)
    try:
        yield lambda: count
    finally:
        sys.setprofile(None)


def chain_of_tasks(length: int) -> Any:
    task = None
    for number in range(length):
        task = Chained.C(size=number, before=task).submit(run_mode=RunMode.DRY_RUN)
    return task


def chain_of_outputs(length: int) -> Any:
    model = None
    for number in range(length):
        model = Learn.C(size=number, start=model).submit(run_mode=RunMode.DRY_RUN)
    return model


def chain_of_configurations(length: int) -> Nested:
    inner = None
    for number in range(length):
        inner = Nested.C(inner=inner, size=number)
    assert inner is not None
    return inner


def independent_tasks(length: int) -> list[Wide]:
    models = [[Model.C(size=number) for number in range(5)] for _ in range(length)]
    return [Wide.C(models=held).submit(run_mode=RunMode.DRY_RUN) for held in models]


def seal_chain(length: int) -> None:
    config = chain_of_configurations(length)
    config.__identifier__()
    config.seal().__identifier__()
    tags(config)


def copy_chain(length: int) -> None:
    config = chain_of_configurations(length).copy()
    assert config == copyconfig(config)


def describe_chain(length: int) -> None:
    config = chain_of_configurations(length).seal()
    assert len(DefinitionWriter(SerializationContext()).write(config.__xpm__)) == length


def save_chain(length: int) -> None:
    """Unsealed: nothing remembers an identifier."""
    config = chain_of_configurations(length)
    assert len(DefinitionWriter(SerializationContext()).write(config.__xpm__)) == length


def instantiate_chain(length: int) -> None:
    made = chain_of_configurations(length).instance()
    assert made.inner is not None


def describe_outputs(length: int) -> None:
    writer = DefinitionWriter(SerializationContext())
    assert len(writer.write(chain_of_outputs(length).__xpm__)) == 2 * length


@pytest.mark.parametrize(
    "work",
    [
        *(chain_of_tasks, chain_of_outputs, independent_tasks),
        *(seal_chain, copy_chain, describe_chain, save_chain, instantiate_chain, describe_outputs),
    ],
)
def test_work_is_proportional_to_the_plan(work: Callable[[int], object]) -> None:
    work(2)
    counts = []
    for length in (50, 400):
        with calls() as counted:
            work(length)
            counts.append(counted())
    assert counts[1] < 8.5 * counts[0]


def test_long_chain_does_not_recurse() -> None:
    task = chain_of_tasks(10_000)
    assert len(needed_tasks(task.__xpm__)) == 1
    assert len(DefinitionWriter(SerializationContext(), stubs=True).write(task.__xpm__)) == 10_000


def test_long_chain_of_configurations_does_not_recurse() -> None:
    for work in (seal_chain, copy_chain, describe_chain, save_chain, instantiate_chain):
        work(5_000)


def test_description_of_a_job_does_not_grow_with_what_came_before() -> None:
    model = chain_of_outputs(50)
    task = Learn.C(size=0, start=model).submit(run_mode=RunMode.DRY_RUN).__xpm__.task
    assert task is not None
    assert len(DefinitionWriter(SerializationContext(), stubs=True).write(task.__xpm__)) == 3


def test_classes_are_declared_without_heavy_imports() -> None:
    script = "import sys; from experimaestro import Config, Param, Task, field; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    assert not {"hashlib", "inspect", "dataclasses", "shutil", "tempfile", "asyncio", "difflib"} & set(loaded)
