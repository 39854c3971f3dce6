"""How the former class becomes the new one is not said."""

from experimaestro import Config, Param, Task, deprecate
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Adam(Config):
    lr: Param[float]
    betas: Param[list[float]]


@deprecate(Adam)
class OldAdam(Config):  # E: xpm-convert
    lr: Param[float]
    beta1: Param[float]


class Train(Task):
    optimizer: Param[Adam]

    def execute(self) -> None:
        print(self.optimizer.lr)


@configuration
class Renewed(ConfigurationBase):
    lr: float = 1e-3


def run(helper: ExperimentHelper, cfg: Renewed) -> None:
    Train.C(optimizer=Adam.C(lr=cfg.lr, betas=[0.9, 0.999])).submit()
