"""A number in quotes."""

from experimaestro import Param, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Walk(Task):
    steps: Param[int]
    temperature: Param[float] = field(default=1.0)

    def execute(self) -> None:
        print(self.steps, self.temperature)


@configuration
class Walks(ConfigurationBase):
    temperatures: list[float] = [0.5, 1.0, 2.0]


def run(helper: ExperimentHelper, cfg: Walks) -> None:
    for temperature in cfg.temperatures:
        Walk.C(steps="1000", temperature=temperature).submit()  # E: xpm-param-type
