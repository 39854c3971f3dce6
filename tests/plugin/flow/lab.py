"""The classes that the plans of `right.txt` and `wrong.txt` use."""

from collections.abc import Sequence
from pathlib import Path

from experimaestro import (
    Config,
    DependentMarker,
    LightweightTask,
    Meta,
    Param,
    PathGenerator,
    ResumableTask,
    Task,
    field,
)
from experimaestro.experiments import ConfigurationBase, configuration


class Corpus(Config):
    name: Param[str]
    size: Param[int] = field(default=10)


class Model(Config):
    hidden: Param[int]
    dropout: Param[float] = field(default=0.0)
    parent: Param["Model | None"] = field(default=None)
    width: Param[int | None]

    def __post_init__(self) -> None:
        self.weights = [0.0] * self.hidden

    def cells(self) -> int:
        return self.hidden * 2


class Tagger(Config):
    path: Meta[Path]


class Learn(Task):
    model: Param[Model]
    epochs: Param[int] = field(default=3)
    layers: Param[list[int]] = field(default_factory=list[int])
    path: Meta[Path] = field(default_factory=PathGenerator("model.pt"))

    def execute(self) -> None:
        self.path.write_text(str(self.model.weights))


class Train(Task):
    corpus: Param[Corpus]
    path: Meta[Path] = field(default_factory=PathGenerator("tagger.pt"))

    def task_outputs(self, dep: DependentMarker) -> Tagger:
        return dep(Tagger.C(path=self.path))

    def execute(self) -> None:
        self.path.write_text("tagger")


class Evaluate(Task):
    learned: Param[Learn]
    split: Param[str] = field(default="test")
    results: Meta[Path] = field(default_factory=PathGenerator("results.txt"))

    def execute(self) -> None:
        self.results.write_text("0.5")


class Tag(Task):
    tagger: Param[Tagger]

    def execute(self) -> None:
        print(self.tagger.path)


class Ensemble(Task):
    members: Param[list[Learn]]
    named: Param[dict[str, Learn]] = field(default_factory=dict[str, Learn])
    report: Meta[Path] = field(default_factory=PathGenerator("report.txt"))

    def execute(self) -> None:
        self.report.write_text("")


class Load(LightweightTask):
    model: Param[Model]
    path: Meta[Path]

    def execute(self) -> None:
        self.model.weights = [1.0]


class Long(ResumableTask):
    steps: Param[int]
    log: Meta[Path] = field(default_factory=PathGenerator("log.txt"))

    def execute(self) -> None:
        self.log.write_text("")


class Tune(Task):
    start: Param[Learn | None] = field(default=None)
    steps: Param[int] = field(default=1)

    def execute(self) -> None:
        print(self.start)


@configuration
class Plan(ConfigurationBase):
    rates: Sequence[float] = (0.1, 0.2)
    sizes: Sequence[int] = (8, 16)
    epochs: int = 3
    wide: bool = False
    name: str = "wiki"


class Dual(Config):
    query: Param[Model]
    document: Param[Model]
