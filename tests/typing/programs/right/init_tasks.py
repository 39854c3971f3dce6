"""Steps that run before a task, in its job."""

from pathlib import Path

from experimaestro import Config, DependentMarker, LightweightTask, Meta, Param, PathGenerator, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Model(Config):
    hidden: Param[int]

    def __post_init__(self) -> None:
        self.weights: list[float] = []


class LoadModel(LightweightTask):
    model: Param[Model]
    path: Meta[Path]

    def execute(self) -> None:
        self.model.weights = [float(word) for word in self.path.read_text().split()]


class Seed(LightweightTask):
    value: Param[int]

    def execute(self) -> None:
        print("seed", self.value)


class Learn(Task):
    model: Param[Model]
    path: Meta[Path] = field(default_factory=PathGenerator("weights"))

    def task_outputs(self, dep: DependentMarker) -> LoadModel:
        return dep(LoadModel.C(model=self.model, path=self.path))

    def execute(self) -> None:
        self.path.write_text("1 2")


class Evaluate(Task):
    model: Param[Model]

    def execute(self) -> None:
        print(self.model.weights)


@configuration
class Steps(ConfigurationBase):
    hidden: int = 2


def run(helper: ExperimentHelper, cfg: Steps) -> None:
    model = Model.C(hidden=cfg.hidden)
    loader = Learn.C(model=model).submit(init_tasks=[Seed.C(value=1)])
    steps: list[LightweightTask] = [Seed.C(value=2), loader]
    Evaluate.C(model=model).submit(init_tasks=steps)
