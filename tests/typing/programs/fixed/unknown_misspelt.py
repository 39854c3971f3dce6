"""A misspelt parameter."""

from experimaestro import Config, Param, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Network(Config):
    hidden: Param[int] = field(default=64)
    layers: Param[int] = field(default=2)


class Train(Task):
    network: Param[Network]
    epochs: Param[int] = field(default=10)

    def execute(self) -> None:
        print(self.network.hidden, self.epochs)


@configuration
class Small(ConfigurationBase):
    hidden: int = 32


def run(helper: ExperimentHelper, cfg: Small) -> None:
    network = Network.C(hidden=cfg.hidden)
    Train.C(network=network, epochs=20).submit()
