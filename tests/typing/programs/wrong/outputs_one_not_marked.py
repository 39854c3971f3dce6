"""One of two outputs is not marked."""

from pathlib import Path

from experimaestro import Config, DependentMarker, Meta, Param, PathGenerator, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Part(Config):
    path: Meta[Path]


class Split(Task):
    corpus: Param[str]
    train: Meta[Path] = field(default_factory=PathGenerator("train.txt"))
    test: Meta[Path] = field(default_factory=PathGenerator("test.txt"))

    def task_outputs(self, dep: DependentMarker) -> tuple[Part, Part]:
        train = dep(Part.C(path=self.train))
        return train, Part.C(path=self.test)  # E: xpm-task-outputs

    def execute(self) -> None: ...


class Learn(Task):
    train: Param[Part]

    def execute(self) -> None: ...


@configuration
class Splitting(ConfigurationBase):
    corpus: str = "news"


def run(helper: ExperimentHelper, cfg: Splitting) -> None:
    train, test = Split.C(corpus=cfg.corpus).submit()
    Learn.C(train=train).submit()
    print(test)
