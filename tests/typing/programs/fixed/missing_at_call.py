"""Learns a tagger of parts of speech, and evaluates it."""

from pathlib import Path

from experimaestro import Config, DependentMarker, Meta, Param, PathGenerator, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


@configuration
class Tagging(ConfigurationBase):
    language: str = "fr"
    epochs: int = 5


class Corpus(Config):
    language: Param[str]


class Tagger(Config):
    path: Meta[Path]


class Learn(Task):
    corpus: Param[Corpus]
    epochs: Param[int]
    path: Meta[Path] = field(default_factory=PathGenerator("tagger.bin"))

    def task_outputs(self, dep: DependentMarker) -> Tagger:
        return dep(Tagger.C(path=self.path))

    def execute(self) -> None:
        self.path.write_bytes(b"weights")


class Evaluate(Task):
    tagger: Param[Tagger]
    corpus: Param[Corpus]

    def execute(self) -> None:
        print(self.tagger.path.stat().st_size, self.corpus.language)


def run(helper: ExperimentHelper, cfg: Tagging) -> None:
    corpus = Corpus.C(language=cfg.language)
    tagger = Learn.C(corpus=corpus, epochs=cfg.epochs).submit()
    Evaluate.C(tagger=tagger, corpus=corpus).submit()
