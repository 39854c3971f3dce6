"""A key is there twice."""

from experimaestro import Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Sample(Task):
    temperature: Param[float]
    count: Param[int]

    def execute(self) -> None:
        print(self.temperature, self.count)


@configuration
class Sampling(ConfigurationBase):
    temperature: float
    count: int = 10


def run(helper: ExperimentHelper, cfg: Sampling) -> None:  # E: xpm-yaml
    Sample.C(temperature=cfg.temperature, count=cfg.count).submit()
