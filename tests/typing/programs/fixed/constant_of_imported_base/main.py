"""The base of a task, of another module, has a constant."""

from experimaestro import Param
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration

from .base import Versioned


class Simulate(Versioned):
    steps: Param[int]

    def execute(self) -> None:
        print(self.version, self.steps)


@configuration
class Simulation(ConfigurationBase):
    steps: int = 10_000


def run(helper: ExperimentHelper, cfg: Simulation) -> None:
    Simulate.C(steps=cfg.steps).submit()
