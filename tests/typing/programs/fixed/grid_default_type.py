"""The default of a parameter for grids."""

from experimaestro import Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration
from experimaestro.experiments.grid import GridSearch, generate_grid


class Learn(Task):
    layers: Param[int]
    dropout: Param[float]

    def execute(self) -> None:
        print(self.layers, self.dropout)


@configuration
class Layers(ConfigurationBase):
    layers: GridSearch[int] = 2
    dropout: GridSearch[float] = 0.1


def run(helper: ExperimentHelper, cfg: Layers) -> None:
    configurations, _ = generate_grid(cfg)
    for one in configurations:
        Learn.C(layers=one.layers, dropout=one.dropout).submit()
