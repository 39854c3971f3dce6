"""A parameter of Adam is given to plain gradient descent."""

from experimaestro import Config, Param, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Optimizer(Config):
    lr: Param[float]


class SGD(Optimizer):
    momentum: Param[float] = field(default=0.0)


class Adam(Optimizer):
    weight_decay: Param[float] = field(default=0.0)


class Train(Task):
    optimizer: Param[Optimizer]

    def execute(self) -> None:
        print(self.optimizer.lr)


@configuration
class Optimizers(ConfigurationBase):
    lr: float = 1e-2


def run(helper: ExperimentHelper, cfg: Optimizers) -> None:
    optimizers: list[Optimizer] = [
        Adam.C(lr=cfg.lr, weight_decay=1e-4),
        SGD.C(lr=cfg.lr, weight_decay=1e-4),  # E: xpm-unknown-param
    ]
    for optimizer in optimizers:
        Train.C(optimizer=optimizer).submit()
