"""The output of a task is not the task."""

from pathlib import Path

from experimaestro import Config, DependentMarker, Meta, Param, PathGenerator, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Model(Config):
    path: Meta[Path]


class Learn(Task):
    epochs: Param[int]
    path: Meta[Path] = field(default_factory=PathGenerator("model.pt"))

    def task_outputs(self, dep: DependentMarker) -> Model:
        return dep(Model.C(path=self.path))

    def execute(self) -> None: ...


@configuration
class Outputs(ConfigurationBase):
    epochs: int = 10


def run(helper: ExperimentHelper, cfg: Outputs) -> None:
    learn = Learn.C(epochs=cfg.epochs)
    learned = learn.submit()
    print(learned.path)
    print(learned.epochs)  # E: attr-defined
