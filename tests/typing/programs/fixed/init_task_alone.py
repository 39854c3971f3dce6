"""One step, not in a list."""

from experimaestro import LightweightTask, Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Seed(LightweightTask):
    value: Param[int]

    def execute(self) -> None:
        print("seed", self.value)


class Sample(Task):
    count: Param[int]

    def execute(self) -> None:
        print(self.count)


@configuration
class Samples(ConfigurationBase):
    seeds: list[int] = [1, 2]


def run(helper: ExperimentHelper, cfg: Samples) -> None:
    for seed in cfg.seeds:
        Sample.C(count=10).submit(init_tasks=[Seed.C(value=seed)])
