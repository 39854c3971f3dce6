"""A task is built where it is used."""

from experimaestro import Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Simulate(Task):
    particles: Param[int]

    def execute(self) -> None:
        print(self.particles)


class Plot(Task):
    simulation: Param[Simulate]

    def execute(self) -> None:
        print(self.simulation.particles)


@configuration
class Physics(ConfigurationBase):
    particles: list[int] = [10, 100]


def run(helper: ExperimentHelper, cfg: Physics) -> None:
    for particles in cfg.particles:
        Plot.C(simulation=Simulate.C(particles=particles).submit()).submit()
