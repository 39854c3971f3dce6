"""Configurations put into others by `@`."""

from experimaestro import Config, Param, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Schedule(Config):
    warmup: Param[int] = field(default=0)


class Adam(Config):
    lr: Param[float]
    schedule: Param[Schedule]


class Train(Task):
    optimizer: Param[Adam]
    epochs: Param[int]

    def execute(self) -> None:
        print(self.optimizer.lr, self.epochs)


@configuration
class Composed(ConfigurationBase):
    lr: float = 1e-3


def run(helper: ExperimentHelper, cfg: Composed) -> None:
    adam = Adam.C(lr=cfg.lr) @ Schedule.C(warmup=100)
    train = Train.C(epochs=3) @ adam
    train.submit()
