"""A parameter that has another name now; a class that becomes the new one when it is built."""

from experimaestro import Config, Param, Task, deprecate
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Layer(Config):
    size: Param[int]

    @deprecate
    def width(self, value: int) -> None:
        self.size = value


@deprecate(Layer, replace=True)
class Dense(Config):
    units: Param[int]

    def __convert__(self) -> Layer:
        return Layer.C(size=self.units)


class Train(Task):
    layers: Param[list[Layer]]

    def execute(self) -> None:
        print(sum(layer.size for layer in self.layers))


@configuration
class Layers(ConfigurationBase):
    sizes: list[int] = [3, 4]


def run(helper: ExperimentHelper, cfg: Layers) -> None:
    Train.C(layers=[Layer.C(size=size) for size in cfg.sizes]).submit()
