"""What `submit` returns: one configuration, or several."""

from pathlib import Path

from experimaestro import Config, DependentMarker, Meta, Param, PathGenerator, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Part(Config):
    path: Meta[Path]


class Model(Config):
    path: Meta[Path]


class Split(Task):
    corpus: Param[str]
    train: Meta[Path] = field(default_factory=PathGenerator("train.txt"))
    test: Meta[Path] = field(default_factory=PathGenerator("test.txt"))

    def task_outputs(self, dep: DependentMarker) -> tuple[Part, Part]:
        return dep(Part.C(path=self.train)), dep(Part.C(path=self.test))

    def execute(self) -> None: ...


class Learn(Task):
    train: Param[Part]
    model: Meta[Path] = field(default_factory=PathGenerator("model"))

    def task_outputs(self, dep: DependentMarker) -> Model:
        model = Model.C(path=self.model)
        return dep(model)

    def execute(self) -> None: ...


class Evaluate(Task):
    model: Param[Model]
    test: Param[Part]

    def execute(self) -> None: ...


@configuration
class Whole(ConfigurationBase):
    corpus: str = "news"


def run(helper: ExperimentHelper, cfg: Whole) -> None:
    train, test = Split.C(corpus=cfg.corpus).submit()
    model = Learn.C(train=train).submit()
    evaluation = Evaluate.C(model=model, test=test).submit()
    print(evaluation.jobpath, model.path)
