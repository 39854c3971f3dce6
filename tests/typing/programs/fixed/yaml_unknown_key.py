"""A key of the YAML file is misspelt."""

from experimaestro import Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Learn(Task):
    epochs: Param[int]
    lr: Param[float]

    def execute(self) -> None:
        print(self.epochs, self.lr)


@configuration
class Learning(ConfigurationBase):
    epochs: int = 10
    lr: float


def run(helper: ExperimentHelper, cfg: Learning) -> None:
    Learn.C(epochs=cfg.epochs, lr=cfg.lr).submit()
