"""Parameters set one by one, after the configuration is built."""

from experimaestro import Config, Param, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Model(Config):
    hidden: Param[int]
    dropout: Param[float] = field(default=0.1)


class Train(Task):
    model: Param[Model]
    epochs: Param[int]

    def execute(self) -> None:
        print(self.model.hidden, self.epochs)


@configuration
class Training(ConfigurationBase):
    hidden: int = 8
    wide: bool = True


def run(helper: ExperimentHelper, cfg: Training) -> None:
    model = Model.C()
    model.hidden = 2 * cfg.hidden if cfg.wide else cfg.hidden
    train = Train.C(epochs=3)
    train.model = model
    train.submit()
