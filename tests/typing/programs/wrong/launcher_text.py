"""A requirement is not a launcher."""

from experimaestro import Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration
from experimaestro.launcherfinder import find_launcher


class Train(Task):
    seed: Param[int]

    def execute(self) -> None:
        print(self.seed)


@configuration
class Launched(ConfigurationBase):
    requirement: str = "duration=1h & cpu(cores=2)"


def run(helper: ExperimentHelper, cfg: Launched) -> None:
    launcher = find_launcher(cfg.requirement)
    Train.C(seed=1).submit(launcher=launcher)
    Train.C(seed=2).submit(launcher=cfg.requirement)  # E: arg-type
