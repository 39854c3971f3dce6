"""A function has no identity."""

from collections.abc import Callable

from experimaestro import Config, Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Activation(Config):
    function: Param[str]
    slope: Param[float]

    def compute(self) -> Callable[[float], float]:
        return lambda value: value * self.slope


class Train(Task):
    activation: Param[Activation]

    def execute(self) -> None:
        print(self.activation.compute()(1.0))


@configuration
class Slopes(ConfigurationBase):
    slope: float = 0.1


def train(activation: Activation) -> None:
    Train.C(activation=activation).submit()


def run(helper: ExperimentHelper, cfg: Slopes) -> None:
    print(cfg.slope)
