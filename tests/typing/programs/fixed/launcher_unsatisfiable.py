"""No machine has both kinds of accelerators."""

from experimaestro import Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration
from experimaestro.launcherfinder import find_launcher


class Train(Task):
    batch_size: Param[int]

    def execute(self) -> None:
        print(self.batch_size)


@configuration
class Accelerated(ConfigurationBase):
    batch_size: int = 32


def run(helper: ExperimentHelper, cfg: Accelerated) -> None:
    launcher = find_launcher("cuda(mem=8G) | mps(mem=8G)")
    Train.C(batch_size=cfg.batch_size).submit(launcher=launcher)
