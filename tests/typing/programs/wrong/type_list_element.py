"""A list of layers, one of which is only its size."""

from experimaestro import Config, Param, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Layer(Config):
    size: Param[int]
    activation: Param[str] = field(default="relu")


class Network(Config):
    layers: Param[list[Layer]]


class Train(Task):
    network: Param[Network]

    def execute(self) -> None:
        print(len(self.network.layers))


@configuration
class Layers(ConfigurationBase):
    size: int = 128


def run(helper: ExperimentHelper, cfg: Layers) -> None:
    first = Layer.C(size=784)
    network = Network.C(layers=[first, cfg.size])  # E: xpm-param-type
    Train.C(network=network).submit()
