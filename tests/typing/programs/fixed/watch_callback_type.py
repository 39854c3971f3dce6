"""The callback takes something else than what the method makes."""

from pathlib import Path

from experimaestro import Config, DependentMarker, Meta, Param, ResumableTask, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Weights(Config):
    path: Meta[Path]


class Sample(Config):
    text: Param[str]


class Listener(Config):
    interval: Param[int]

    def weights(self, dep: DependentMarker, path: Path) -> Weights:
        return dep(Weights.C(path=path))


class Learn(ResumableTask):
    listener: Param[Listener]

    def execute(self) -> None:
        self.register_task_output(self.listener.weights, Path("weights"))


class Generate(Task):
    weights: Param[Weights]

    def execute(self) -> None: ...


@configuration
class Callbacks(ConfigurationBase):
    interval: int = 100


def generate(weights: Weights) -> None:
    Generate.C(weights=weights).submit()


def run(helper: ExperimentHelper, cfg: Callbacks) -> None:
    learn = Learn.C(listener=Listener.C(interval=cfg.interval))
    learn.watch_output(learn.listener.weights, generate)
    learn.submit()
