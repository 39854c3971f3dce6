"""A light configuration, and the heavy class of its values."""

from experimaestro import Config, Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Network(Config):
    hidden: Param[int]

    def forward(self, value: float) -> float:
        raise NotImplementedError


@Network.value_class()
class HeavyNetwork(Network):
    def __post_init__(self) -> None:
        self.weights = [0.5] * self.hidden

    def forward(self, value: float) -> float:
        return sum(weight * value for weight in self.weights)


class Train(Task):
    network: Param[Network]

    def execute(self) -> None:
        print(self.network.forward(1.0))


@configuration
class Networks(ConfigurationBase):
    hidden: int = 2


def run(helper: ExperimentHelper, cfg: Networks) -> None:
    network = Network.C(hidden=cfg.hidden)
    print(network.instance().forward(2.0))
    Train.C(network=network).submit()
