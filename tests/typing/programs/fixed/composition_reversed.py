"""The outer configuration stands on the left."""

from experimaestro import Config, Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Adam(Config):
    lr: Param[float]


class Train(Task):
    optimizer: Param[Adam]
    epochs: Param[int]

    def execute(self) -> None:
        print(self.optimizer.lr)


@configuration
class Reversed(ConfigurationBase):
    lr: float = 1e-3


def run(helper: ExperimentHelper, cfg: Reversed) -> None:
    adam = Adam.C(lr=cfg.lr)
    train = Train.C(epochs=3) @ adam
    print(train)
