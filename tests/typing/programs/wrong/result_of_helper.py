"""A name of the experiment that does not exist."""

from experimaestro import Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Learn(Task):
    seed: Param[int]

    def execute(self) -> None:
        print(self.seed)


@configuration
class Waited(ConfigurationBase):
    seed: int = 1


def run(helper: ExperimentHelper, cfg: Waited) -> None:
    Learn.C(seed=cfg.seed).submit()
    helper.wait()  # E: attr-defined
