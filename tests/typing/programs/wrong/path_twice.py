"""Two paths of a task are the same file."""

from pathlib import Path

from experimaestro import Meta, Param, PathGenerator, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Train(Task):
    epochs: Param[int]
    best: Meta[Path] = field(default_factory=PathGenerator("model.pt"))
    last: Meta[Path] = field(default_factory=PathGenerator("model.pt"))  # E: xpm-path

    def execute(self) -> None:
        self.best.write_bytes(b"best")
        self.last.write_bytes(b"last")


@configuration
class Checkpoints(ConfigurationBase):
    epochs: int = 3


def run(helper: ExperimentHelper, cfg: Checkpoints) -> None:
    Train.C(epochs=cfg.epochs).submit()
