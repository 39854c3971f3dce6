"""Keeps the best model beside the last one."""

from pathlib import Path

from experimaestro import Meta, Param, PathGenerator, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Learn(Task):
    epochs: Param[int]
    last: Meta[Path] = field(default_factory=PathGenerator("model.pt"))

    def execute(self) -> None:
        self.last.write_text("last")


class LearnWithPatience(Learn):
    patience: Param[int] = field(default=5)
    best: Meta[Path] = field(default_factory=PathGenerator("best.pt"))

    def execute(self) -> None:
        super().execute()
        self.best.write_text("best")


@configuration
class Learning(ConfigurationBase):
    epochs: int = 10


def run(helper: ExperimentHelper, cfg: Learning) -> None:
    for patience in (1, 5):
        LearnWithPatience.C(epochs=cfg.epochs, patience=patience).submit()
