"""The configuration is not one of an experiment."""

from experimaestro import Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Bake(Task):
    minutes: Param[int]

    def execute(self) -> None:
        print(self.minutes)


@configuration
class Oven(ConfigurationBase):
    minutes: int = 30


@configuration
class Kitchen(ConfigurationBase):
    chef: str = "Julia"


def run(helper: ExperimentHelper, cfg: Oven) -> None:
    Bake.C(minutes=cfg.minutes).submit()
