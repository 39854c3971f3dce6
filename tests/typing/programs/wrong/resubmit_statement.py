"""A line was moved, and its former copy stayed."""

from experimaestro import Config, Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Corpus(Config):
    name: Param[str]


class Count(Task):
    corpus: Param[Corpus]
    order: Param[int]

    def execute(self) -> None:
        print(self.corpus.name, self.order)


@configuration
class Counts(ConfigurationBase):
    corpus: str = "gutenberg"


def run(helper: ExperimentHelper, cfg: Counts) -> None:
    count = Count.C(corpus=Corpus.C(name=cfg.corpus), order=2)
    count.submit()
    print("submitted", cfg.corpus)
    count.submit(max_retries=2)  # E: xpm-resubmit
