"""A path of `grid_search` that is no parameter."""

from experimaestro import Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration
from experimaestro.experiments.grid import generate_grid


class Learn(Task):
    lr: Param[float]
    epochs: Param[int]

    def execute(self) -> None:
        print(self.lr, self.epochs)


@configuration
class Grid(ConfigurationBase):
    lr: float = 1e-3
    epochs: int = 10


def run(helper: ExperimentHelper, cfg: Grid) -> None:
    configurations, _ = generate_grid(cfg)
    for one in configurations:
        Learn.C(lr=one.lr, epochs=one.epochs).submit()
