"""Outputs that come while a task runs."""

from pathlib import Path

from experimaestro import Config, DependentMarker, Meta, Param, ResumableTask, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Checkpoint(Config):
    epoch: Param[int]
    path: Meta[Path]


class Validation(Config):
    every: Param[int]

    def checkpoint(self, dep: DependentMarker, epoch: int, *, path: Path) -> Checkpoint:
        return dep(Checkpoint.C(epoch=epoch, path=path))


class Learn(ResumableTask):
    validation: Param[Validation]
    epochs: Param[int]

    def execute(self) -> None:
        for epoch in range(0, self.epochs, self.validation.every):
            self.register_task_output(self.validation.checkpoint, epoch, path=Path(f"{epoch}.pt"))


class Evaluate(Task):
    checkpoint: Param[Checkpoint]

    def execute(self) -> None: ...


@configuration
class Watching(ConfigurationBase):
    every: int = 10


def evaluate(checkpoint: Checkpoint) -> None:
    Evaluate.C(checkpoint=checkpoint).submit()


def run(helper: ExperimentHelper, cfg: Watching) -> None:
    validation = Validation.C(every=cfg.every)
    learn = Learn.C(validation=validation, epochs=100)
    learn.watch_output(validation.checkpoint, evaluate)
    learn.submit()
    learn.watch_output(validation.checkpoint, lambda checkpoint: print(checkpoint.epoch))
