"""A parameter is changed once the task is submitted."""

from experimaestro import Config, Param, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Model(Config):
    hidden: Param[int]


class Train(Task):
    model: Param[Model]
    epochs: Param[int] = field(default=10)

    def execute(self) -> None:
        print(self.model.hidden, self.epochs)


@configuration
class Training(ConfigurationBase):
    hidden: int = 32
    epochs: int = 20


def run(helper: ExperimentHelper, cfg: Training) -> None:
    train = Train.C(model=Model.C(hidden=cfg.hidden))
    train.epochs = cfg.epochs
    train.submit()
