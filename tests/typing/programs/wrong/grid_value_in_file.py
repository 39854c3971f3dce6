"""A value to try has a wrong type."""

from experimaestro import Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration
from experimaestro.experiments.grid import GridSearch, generate_grid


class Learn(Task):
    hidden: Param[int]

    def execute(self) -> None:
        print(self.hidden)


@configuration
class Hidden(ConfigurationBase):
    hidden: GridSearch[int] = 16


def run(helper: ExperimentHelper, cfg: Hidden) -> None:  # E: xpm-grid
    configurations, _ = generate_grid(cfg)
    for one in configurations:
        Learn.C(hidden=one.hidden).submit()
