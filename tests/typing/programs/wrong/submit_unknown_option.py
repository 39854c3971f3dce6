"""An option that `submit` has not."""

from experimaestro import Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Learn(Task):
    epochs: Param[int]

    def execute(self) -> None:
        print(self.epochs)


@configuration
class Retried(ConfigurationBase):
    retries: int = 2


def run(helper: ExperimentHelper, cfg: Retried) -> None:
    Learn.C(epochs=3).submit(retries=cfg.retries)  # E: call-arg
