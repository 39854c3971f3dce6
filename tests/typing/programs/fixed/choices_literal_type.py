"""A value outside of a Literal."""

from typing import Literal

from experimaestro import Config, Param, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration

Precision = Literal["float32", "bfloat16"]


class Fabric(Config):
    precision: Param[Precision] = field(default="float32")
    devices: Param[int]


class Train(Task):
    fabric: Param[Fabric]

    def execute(self) -> None:
        print(self.fabric.precision)


@configuration
class Precisions(ConfigurationBase):
    devices: int = 2


def run(helper: ExperimentHelper, cfg: Precisions) -> None:
    fabric = Fabric.C(devices=cfg.devices, precision="bfloat16")
    Train.C(fabric=fabric).submit()
