"""A tag has a name, then a value."""

from experimaestro import Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Learn(Task):
    seed: Param[int]

    def execute(self) -> None:
        print(self.seed)


@configuration
class Tagged(ConfigurationBase):
    seeds: list[int] = [1, 2]


def run(helper: ExperimentHelper, cfg: Tagged) -> None:
    for seed in cfg.seeds:
        Learn.C(seed=seed).tag("seed", seed).submit()
