"""Translates with several models whose options are shared."""

from typing import TypedDict

from experimaestro import Config, Param, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Shared(TypedDict):
    epochs: int
    seed: int


class Network(Config):
    depth: Param[int]


class Translate(Task):
    network: Param[Network]
    epochs: Param[int]
    rate: Param[float]
    seed: Param[int] = field(default=0)

    def execute(self) -> None:
        print(self.network.depth, self.rate)


@configuration
class Translation(ConfigurationBase):
    epochs: int = 5
    rate: float = 0.1


def run(helper: ExperimentHelper, cfg: Translation) -> None:
    shared = Shared(epochs=cfg.epochs, seed=3)
    for depth in (2, 4, 8):
        Translate.C(network=Network.C(depth=depth), **shared).submit()  # E: xpm-missing-param
