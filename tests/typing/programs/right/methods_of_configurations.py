"""Decorators of methods."""

from pathlib import Path

from experimaestro import Config, Param, Task, cache, config_only, documentation, initializer
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Corpus(Config):
    name: Param[str]

    @documentation
    def describe(self) -> str:
        return self.name

    @initializer
    def words(self) -> list[str]:
        return self.name.split()

    @cache("counts")
    def counts(self, path: Path, scale: int = 1) -> int:
        path.write_text("1")
        return scale

    @config_only
    def subset(self, size: int) -> "Corpus":
        return Corpus.C(name=f"{self.name} {size}")


class Count(Task):
    corpus: Param[Corpus]

    def execute(self) -> None:
        print(self.corpus.counts(scale=2) + len(self.corpus.words()), self.corpus.describe().upper())


@configuration
class Corpora(ConfigurationBase):
    sizes: list[int] = [10, 20]


def run(helper: ExperimentHelper, cfg: Corpora) -> None:
    corpus = Corpus.C(name="wiki")
    for size in cfg.sizes:
        Count.C(corpus=corpus.subset(size)).submit()
