"""The result of `execute` goes nowhere."""

from pathlib import Path

from experimaestro import Meta, Param, PathGenerator, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Accuracy(Task):
    predictions: Param[list[int]]
    gold: Param[list[int]]
    result: Meta[Path] = field(default_factory=PathGenerator("accuracy"))

    def execute(self) -> float:  # E: xpm-execute
        good = sum(one == other for one, other in zip(self.predictions, self.gold, strict=True))
        return good / len(self.gold)


@configuration
class Accuracies(ConfigurationBase):
    gold: list[int] = [1, 0, 1]


def run(helper: ExperimentHelper, cfg: Accuracies) -> None:
    Accuracy.C(predictions=[1, 1, 1], gold=cfg.gold).submit()
