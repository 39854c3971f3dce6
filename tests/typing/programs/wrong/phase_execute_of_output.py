"""A step for jobs is run by the plan."""

from pathlib import Path

from experimaestro import Config, LightweightTask, Meta, Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Model(Config):
    size: Param[int]


class LoadModel(LightweightTask):
    model: Param[Model]
    path: Meta[Path]

    def execute(self) -> None:
        print(self.path.read_text())


class Predict(Task):
    model: Param[Model]

    def execute(self) -> None:
        print(self.model.size)


@configuration
class Prediction(ConfigurationBase):
    size: int = 3


def run(helper: ExperimentHelper, cfg: Prediction) -> None:
    model = Model.C(size=cfg.size)
    loader = LoadModel.C(model=model, path=Path("model.pt"))
    loader.execute()  # E: xpm-phase
    Predict.C(model=model).submit()
