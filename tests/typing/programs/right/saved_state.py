"""A model saved with its weights, by a step that restores them."""

from pathlib import Path

from experimaestro import (
    Config,
    DependentMarker,
    Meta,
    Param,
    PathGenerator,
    PathSerializationLWTask,
    Task,
    field,
)
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Model(Config):
    hidden: Param[int]

    def __post_init__(self) -> None:
        self.weights = ""


class LoadModel(PathSerializationLWTask):
    value: Param[Model] = field(overrides=True)

    def execute(self) -> None:
        self.value.weights = self.path.read_text()


class Learn(Task):
    model: Param[Model]
    path: Meta[Path] = field(default_factory=PathGenerator("weights"))

    def task_outputs(self, dep: DependentMarker) -> LoadModel:
        return dep(LoadModel.C(value=self.model, path=self.path))

    def execute(self) -> None:
        self.path.write_text("weights")


class Evaluate(Task):
    model: Param[Model]

    def execute(self) -> None:
        print(self.model.weights)


@configuration
class Saved(ConfigurationBase):
    hidden: int = 3


def run(helper: ExperimentHelper, cfg: Saved) -> None:
    model = Model.C(hidden=cfg.hidden)
    Evaluate.C(model=model).submit(init_tasks=[Learn.C(model=model).submit()])
