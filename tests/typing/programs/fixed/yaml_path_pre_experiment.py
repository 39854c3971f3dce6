"""What runs before the experiment does not exist."""

from experimaestro import Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Learn(Task):
    layers: Param[int]

    def execute(self) -> None:
        print(self.layers)


@configuration
class Prepared(ConfigurationBase):
    layers: int = 2


def run(helper: ExperimentHelper, cfg: Prepared) -> None:
    Learn.C(layers=cfg.layers).submit()
