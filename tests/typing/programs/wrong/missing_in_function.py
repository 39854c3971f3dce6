"""The function that builds the model forgets what the last commit added to it."""

from experimaestro import Config, Param, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


@configuration
class Vision(ConfigurationBase):
    depth: int = 18
    rate: float = 0.1


class ResNet(Config):
    depth: Param[int]
    classes: Param[int]
    width: Param[int] = field(default=64, ignore_default=True)


class Train(Task):
    model: Param[ResNet]
    rate: Param[float]

    def execute(self) -> None:
        print(self.model.depth, self.model.classes, self.rate)


def build(cfg: Vision, wide: bool) -> ResNet:
    if wide:
        return ResNet.C(depth=cfg.depth, width=128)  # E: xpm-missing-param
    return ResNet.C(depth=cfg.depth, classes=10)


def run(helper: ExperimentHelper, cfg: Vision) -> None:
    for wide in (False, True):
        Train.C(model=build(cfg, wide), rate=cfg.rate).submit()
