"""What is returned is not marked: those who use it would not wait."""

from pathlib import Path

from experimaestro import Config, DependentMarker, Meta, Param, PathGenerator, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Corpus(Config):
    path: Meta[Path]


class Clean(Task):
    source: Param[str]
    path: Meta[Path] = field(default_factory=PathGenerator("clean.txt"))

    def task_outputs(self, dep: DependentMarker) -> Corpus:
        return dep(Corpus.C(path=self.path))

    def execute(self) -> None:
        self.path.write_text(self.source)


class Count(Task):
    corpus: Param[Corpus]

    def execute(self) -> None:
        print(len(self.corpus.path.read_text()))


@configuration
class Cleaning(ConfigurationBase):
    source: str = "raw.txt"


def run(helper: ExperimentHelper, cfg: Cleaning) -> None:
    corpus = Clean.C(source=cfg.source).submit()
    Count.C(corpus=corpus).submit()
