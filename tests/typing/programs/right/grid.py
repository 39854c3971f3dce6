"""All combinations of the values of a grid."""

from experimaestro import Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration
from experimaestro.experiments.grid import GridSearch, generate_grid, grid_size


@configuration
class Model:
    layers: GridSearch[int] = 2
    activation: str = "relu"


@configuration
class Grid(ConfigurationBase):
    lr: GridSearch[float] = 1e-3
    model: Model = Model()
    seeds: list[int] = [1, 2]


class Learn(Task):
    lr: Param[float]
    layers: Param[int]
    seed: Param[int]

    def execute(self) -> None:
        print(self.lr, self.layers, self.seed)


def run(helper: ExperimentHelper, cfg: Grid) -> None:
    print(grid_size(cfg))
    configurations, tags = generate_grid(cfg, where=lambda one: one.lr < 1)
    for one, names in zip(configurations, tags, strict=True):
        for seed in one.seeds:
            learn = Learn.C(lr=one.lr, layers=one.model.layers, seed=seed)
            for name, value in names.items():
                learn.tag(name, value)
            learn.submit()
