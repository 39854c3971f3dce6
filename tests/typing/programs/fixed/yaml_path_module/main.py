"""The YAML file names a module that does not exist."""

from experimaestro import Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Detect(Task):
    threshold: Param[float]

    def execute(self) -> None:
        print(self.threshold)


@configuration
class Detection(ConfigurationBase):
    thresholds: list[float] = [0.1, 0.5]


def run(helper: ExperimentHelper, cfg: Detection) -> None:
    for threshold in cfg.thresholds:
        Detect.C(threshold=threshold).submit()
