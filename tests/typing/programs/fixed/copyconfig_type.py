"""A wrong type in a copy."""

from experimaestro import Config, Param, Task, copyconfig
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Optimizer(Config):
    lr: Param[float]


class Train(Task):
    optimizer: Param[Optimizer]
    seed: Param[int]

    def execute(self) -> None:
        print(self.optimizer.lr, self.seed)


@configuration
class Seeds(ConfigurationBase):
    seeds: list[int] = [2, 3]


def run(helper: ExperimentHelper, cfg: Seeds) -> None:
    train = Train.C(optimizer=Optimizer.C(lr=0.1), seed=1)
    other = copyconfig(train, optimizer=Optimizer.C(lr=0.2))
    train.submit()
    other.submit()
