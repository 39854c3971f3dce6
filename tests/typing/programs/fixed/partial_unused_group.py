"""No parameter is in the group that is left out."""

from pathlib import Path

from experimaestro import Meta, Param, PathGenerator, Task, field, param_group, partial
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration

LENGTH = param_group("length")


class Learn(Task):
    lr: Param[float]
    epochs: Param[int] = field(groups=[LENGTH])
    resumable = partial(exclude_groups=[LENGTH])
    checkpoints: Meta[Path] = field(default_factory=PathGenerator("checkpoints", partial=resumable))

    def execute(self) -> None:
        self.checkpoints.mkdir(parents=True, exist_ok=True)


@configuration
class Lengths(ConfigurationBase):
    epochs: list[int] = [10, 20]


def run(helper: ExperimentHelper, cfg: Lengths) -> None:
    for epochs in cfg.epochs:
        Learn.C(lr=0.1, epochs=epochs).submit()
