"""The directory is shared as another class says."""

from pathlib import Path

from experimaestro import Meta, Param, PathGenerator, Task, field, param_group, partial
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration

LENGTH = param_group("length")


class Pretrain(Task):
    steps: Param[int] = field(groups=[LENGTH])
    checkpoints = partial(exclude_groups=[LENGTH])
    path: Meta[Path] = field(default_factory=PathGenerator("steps", partial=checkpoints))

    def execute(self) -> None: ...


class Finetune(Task):
    rate: Param[float]
    steps: Param[int] = field(groups=[LENGTH])
    checkpoints = partial(exclude_groups=[LENGTH])
    path: Meta[Path] = field(default_factory=PathGenerator("x", partial=checkpoints))

    def execute(self) -> None: ...


@configuration
class Steps(ConfigurationBase):
    steps: int = 1000


def run(helper: ExperimentHelper, cfg: Steps) -> None:
    Pretrain.C(steps=cfg.steps).submit()
    Finetune.C(steps=cfg.steps, rate=1e-4).submit()
