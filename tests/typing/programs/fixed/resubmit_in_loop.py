"""One task for all seeds."""

from experimaestro import Param, Task, tag
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Bootstrap(Task):
    seed: Param[int]
    samples: Param[int]

    def execute(self) -> None:
        print(self.seed, self.samples)


@configuration
class Bootstraps(ConfigurationBase):
    seeds: list[int] = [1, 2, 3]


def run(helper: ExperimentHelper, cfg: Bootstraps) -> None:
    for seed in cfg.seeds:
        print("seed", seed)
        task = Bootstrap.C(samples=1000, seed=tag(seed))
        task.submit()
