"""Submitting a task gives its output, with its type."""

from __future__ import annotations

from pathlib import Path
from typing import assert_type

from experimaestro import (
    Config,
    DependentMarker,
    LightweightTask,
    Meta,
    Param,
    PathGenerator,
    Prepare,
    ResumableTask,
    RunMode,
    Task,
    TransientMode,
    cache,
    config_only,
    field,
    initializer,
    progress,
)


class Data(Prepare):
    name: Param[str]

    def prepare(self) -> None: ...

    def is_prepared(self) -> bool:
        return True


class Model(Config):
    path: Meta[Path] = field(default_factory=PathGenerator("model.pt"))


class Loader(LightweightTask):
    model: Param[Model]

    def execute(self) -> None: ...


class Evaluate(Task):
    model: Param[Model]

    def execute(self) -> None:
        progress(0.5)


class Learn(ResumableTask):
    data: Param[Data]
    epochs: Param[int] = field(default=1)

    def task_outputs(self, dep: DependentMarker) -> Model:
        return dep(Model.C())

    def execute(self) -> None:
        assert_type(self.remaining_time(), float | None)


class LearnMore(Learn):
    rate: Param[float]


class LearnBoth(Task):
    def task_outputs(self, dep: DependentMarker) -> tuple[Model, Loader]:
        model = dep(Model.C())
        assert_type(model, Model)
        return model, dep(Loader.C(model=model))

    def execute(self) -> None: ...


class Cached(Config):
    size: Param[int]

    @cache("sums")
    def compute(self, path: Path) -> int:
        return self.size

    @initializer
    def ready(self) -> str:
        return "yes"

    @config_only
    def double(self, times: int) -> Cached:
        return Cached.C(size=self.size * times)


def plan() -> None:
    data = Data.C(name="mnist")
    assert_type(Learn.C(data=data).submit(), Model)
    assert_type(LearnMore.C(data=data, rate=0.1).submit(run_mode=RunMode.DRY_RUN), Model)

    model, loader = LearnBoth.C().submit(transient=TransientMode.REMOVE)
    assert_type(model, Model)
    assert_type(loader, Loader)

    evaluation = Evaluate.C(model=model).submit(init_tasks=[loader], max_retries=3)
    assert_type(evaluation, Evaluate)
    assert_type(evaluation.jobpath, Path)
    assert_type(evaluation.stdout(), Path)

    cached = Cached.C(size=2)
    assert_type(cached.compute(), int)
    assert_type(cached.ready(), str)
    assert_type(cached.double(2), Cached)
