"""A name that the configuration of the experiment has not."""

from experimaestro import Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Learn(Task):
    batch_size: Param[int]

    def execute(self) -> None:
        print(self.batch_size)


@configuration
class Batches(ConfigurationBase):
    batch_size: int = 32


def run(helper: ExperimentHelper, cfg: Batches) -> None:
    Learn.C(batch_size=cfg.batch_size).submit()
