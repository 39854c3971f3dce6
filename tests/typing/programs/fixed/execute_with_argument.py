"""Nothing gives arguments to `execute`."""

from experimaestro import Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Train(Task):
    epochs: Param[int]

    def execute(self) -> None:
        print("cpu", self.epochs)


@configuration
class Device(ConfigurationBase):
    epochs: int = 10


def run(helper: ExperimentHelper, cfg: Device) -> None:
    Train.C(epochs=cfg.epochs).submit()
