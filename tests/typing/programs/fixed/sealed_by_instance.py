"""Looking at the instance seals the configuration."""

from experimaestro import Config, Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Grid(Config):
    width: Param[int]
    height: Param[int]

    def cells(self) -> int:
        return self.width * self.height


class Solve(Task):
    grid: Param[Grid]

    def execute(self) -> None:
        print(self.grid.cells())


@configuration
class Solving(ConfigurationBase):
    width: int = 100


def run(helper: ExperimentHelper, cfg: Solving) -> None:
    grid = Grid.C(width=cfg.width, height=1)
    print("cells:", grid.instance().cells())
    grid = Grid.C(width=cfg.width, height=cfg.width)
    Solve.C(grid=grid).submit()
