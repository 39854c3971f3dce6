"""The class of the values does not derive from the configuration."""

from experimaestro import Config, Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Network(Config):
    hidden: Param[int]


@Network.value_class()
class TorchNetwork:  # E: xpm-value-class
    hidden: int

    def forward(self, value: float) -> float:
        return value * self.hidden


class Train(Task):
    network: Param[Network]

    def execute(self) -> None:
        print(self.network.hidden)


@configuration
class Networks(ConfigurationBase):
    hidden: int = 8


def run(helper: ExperimentHelper, cfg: Networks) -> None:
    Train.C(network=Network.C(hidden=cfg.hidden)).submit()
