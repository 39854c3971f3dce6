"""Outputs in lists, dictionaries and named tuples; marked one by one."""

from pathlib import Path
from typing import NamedTuple

from experimaestro import Config, DependentMarker, Meta, Param, PathGenerator, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Checkpoint(Config):
    epoch: Param[int]
    path: Meta[Path]


class Learned(NamedTuple):
    best: Checkpoint
    all: list[Checkpoint]
    by_epoch: dict[int, Checkpoint]


class Learn(Task):
    epochs: Param[int]
    path: Meta[Path] = field(default_factory=PathGenerator("model"))

    def checkpoint(self, epoch: int) -> Checkpoint:
        return Checkpoint.C(epoch=epoch, path=self.path)

    def task_outputs(self, dep: DependentMarker) -> Learned:
        every = [dep(self.checkpoint(epoch)) for epoch in range(self.epochs)]
        return Learned(dep(self.checkpoint(-1)), every, dict(enumerate(every)))

    def execute(self) -> None: ...


class Evaluate(Task):
    checkpoint: Param[Checkpoint]

    def execute(self) -> None: ...


@configuration
class Epochs(ConfigurationBase):
    epochs: int = 3


def run(helper: ExperimentHelper, cfg: Epochs) -> None:
    learned = Learn.C(epochs=cfg.epochs).submit()
    Evaluate.C(checkpoint=learned.best).submit()
    for checkpoint in learned.all:
        Evaluate.C(checkpoint=checkpoint).submit()
    print(learned.by_epoch[0].epoch)
