"""A YAML file names the module, and is wrong."""

from experimaestro import Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Fold(Task):
    sequence: Param[str]
    recycles: Param[int]

    def execute(self) -> None:
        print(self.sequence, self.recycles)


@configuration
class Folding(ConfigurationBase):
    sequences: list[str]
    recycles: int = 3


def run(helper: ExperimentHelper, cfg: Folding) -> None:
    for sequence in cfg.sequences:
        Fold.C(sequence=sequence, recycles=cfg.recycles).submit()
