"""`@` several times: all go to the one on the left."""

from experimaestro import Config, Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Corpus(Config):
    name: Param[str]


class Model(Config):
    hidden: Param[int]


class Learn(Task):
    corpus: Param[Corpus]
    model: Param[Model]

    def execute(self) -> None:
        print(self.corpus.name, self.model.hidden)


@configuration
class Chained(ConfigurationBase):
    hidden: int = 8


def run(helper: ExperimentHelper, cfg: Chained) -> None:
    (Learn.C() @ Corpus.C(name="wiki") @ Model.C(hidden=cfg.hidden)).submit()
