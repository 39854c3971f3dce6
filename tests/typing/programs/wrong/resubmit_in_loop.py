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
    task = Bootstrap.C(samples=1000, seed=0)
    for seed in cfg.seeds:
        print("seed", seed)
        task.submit()  # E: xpm-resubmit
