"""The helper comes first."""

from experimaestro import Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Simulate(Task):
    seed: Param[int]

    def execute(self) -> None:
        print(self.seed)


@configuration
class Seeds(ConfigurationBase):
    seeds: list[int] = [1, 2]


def run(helper: ExperimentHelper, cfg: Seeds) -> None:
    for seed in cfg.seeds:
        Simulate.C(seed=seed).submit()
