"""The plan runs the task itself."""

from experimaestro import Config, Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Corpus(Config):
    name: Param[str]


class Index(Task):
    corpus: Param[Corpus]

    def execute(self) -> None:
        print("indexing", self.corpus.name)


@configuration
class Indexing(ConfigurationBase):
    corpora: list[str] = ["robust04"]


def run(helper: ExperimentHelper, cfg: Indexing) -> None:
    for name in cfg.corpora:
        index = Index.C(corpus=Corpus.C(name=name))
        index.execute()  # E: xpm-phase
