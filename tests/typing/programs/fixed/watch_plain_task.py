"""Only resumable tasks are watched."""

from pathlib import Path

from experimaestro import Config, DependentMarker, Meta, Param, ResumableTask, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Model(Config):
    path: Meta[Path]


class Saver(Config):
    every: Param[int]

    def model(self, dep: DependentMarker, path: Path) -> Model:
        return dep(Model.C(path=path))


class Resumable(ResumableTask):
    seed: Param[int]

    def execute(self) -> None: ...


class Learn(ResumableTask):
    saver: Param[Saver]

    def execute(self) -> None: ...


class Evaluate(Task):
    model: Param[Model]

    def execute(self) -> None: ...


@configuration
class Saving(ConfigurationBase):
    every: int = 5


def evaluate(model: Model) -> None:
    Evaluate.C(model=model).submit()


def run(helper: ExperimentHelper, cfg: Saving) -> None:
    learn = Learn.C(saver=Saver.C(every=cfg.every))
    learn.watch_output(learn.saver.model, evaluate)
    learn.submit()
    Resumable.C(seed=1).submit()
