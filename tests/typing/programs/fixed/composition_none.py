"""Nothing of a learner takes a corpus."""

from experimaestro import Config, Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Model(Config):
    hidden: Param[int]


class Corpus(Config):
    name: Param[str]


class Learn(Task):
    model: Param[Model]
    epochs: Param[int]

    def execute(self) -> None:
        print(self.model.hidden)


@configuration
class Composed(ConfigurationBase):
    hidden: int = 8


def run(helper: ExperimentHelper, cfg: Composed) -> None:
    model, corpus = Model.C(hidden=cfg.hidden), Corpus.C(name="wiki")
    print(corpus)
    learn = Learn.C(epochs=3) @ model
    learn.submit()
