"""The YAML file imports one that does not exist."""

from experimaestro import Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Learn(Task):
    epochs: Param[int]

    def execute(self) -> None:
        print(self.epochs)


@configuration
class Imported(ConfigurationBase):
    epochs: int = 10


def run(helper: ExperimentHelper, cfg: Imported) -> None:
    Learn.C(epochs=cfg.epochs).submit()
