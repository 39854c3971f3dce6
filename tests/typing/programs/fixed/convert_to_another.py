"""The former class becomes something else than the new one."""

from experimaestro import Config, Param, Task, deprecate
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Corpus(Config):
    language: Param[str]


class Document(Config):
    language: Param[str]


@deprecate(Corpus)
class TextCorpus(Config):
    lang: Param[str]

    def __convert__(self) -> Corpus:
        return Corpus.C(language=self.lang)


class Count(Task):
    corpus: Param[Corpus]

    def execute(self) -> None:
        print(self.corpus.language)


@configuration
class Corpora(ConfigurationBase):
    language: str = "la"


def run(helper: ExperimentHelper, cfg: Corpora) -> None:
    Count.C(corpus=Corpus.C(language=cfg.language)).submit()
