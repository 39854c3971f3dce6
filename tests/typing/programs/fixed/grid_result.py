"""`generate_grid` returns configurations, and tags."""

from experimaestro import Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration
from experimaestro.experiments.grid import GridSearch, generate_grid


class Learn(Task):
    hidden: Param[int]

    def execute(self) -> None:
        print(self.hidden)


@configuration
class Combined(ConfigurationBase):
    hidden: GridSearch[int] = 16


def run(helper: ExperimentHelper, cfg: Combined) -> None:
    for one in generate_grid(cfg)[0]:
        Learn.C(hidden=one.hidden).submit()
