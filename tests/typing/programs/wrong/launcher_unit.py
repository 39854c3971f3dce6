"""Memory has no such unit."""

from experimaestro import Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration
from experimaestro.launcherfinder import find_launcher


class Train(Task):
    epochs: Param[int]

    def execute(self) -> None:
        print(self.epochs)


@configuration
class Gpu(ConfigurationBase):
    epochs: int = 10


def run(helper: ExperimentHelper, cfg: Gpu) -> None:
    launcher = find_launcher("duration=4h & cuda(mem=24Go)")  # E: xpm-launcher
    Train.C(epochs=cfg.epochs).submit(launcher=launcher)
