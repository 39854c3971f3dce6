"""The method that makes the outputs takes no marker."""

from pathlib import Path

from experimaestro import Config, DependentMarker, Meta, Param, ResumableTask, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Checkpoint(Config):
    path: Meta[Path]


class Validation(Config):
    every: Param[int]

    def checkpoint(self, dep: DependentMarker, path: Path) -> Checkpoint:
        return dep(Checkpoint.C(path=path))


class Learn(ResumableTask):
    validation: Param[Validation]

    def execute(self) -> None:
        self.register_task_output(self.validation.checkpoint, Path("1.pt"))


class Evaluate(Task):
    checkpoint: Param[Checkpoint]

    def execute(self) -> None: ...


@configuration
class Watching(ConfigurationBase):
    every: int = 10


def evaluate(checkpoint: Checkpoint) -> None:
    Evaluate.C(checkpoint=checkpoint).submit()


def run(helper: ExperimentHelper, cfg: Watching) -> None:
    learn = Learn.C(validation=Validation.C(every=cfg.every))
    learn.watch_output(learn.validation.checkpoint, evaluate)
    learn.submit()
