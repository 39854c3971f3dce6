"""A subclass of a learner takes a subclass of the model."""

from experimaestro import Config, Param, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Model(Config):
    hidden: Param[int]


class Transformer(Model):
    heads: Param[int]


class Learn(Task):
    model: Param[Model]

    def execute(self) -> None:
        print(self.model.hidden)


class LearnTransformer(Learn):
    model: Param[Transformer] = field(overrides=True)

    def execute(self) -> None:
        print(self.model.heads)


@configuration
class Narrower(ConfigurationBase):
    hidden: int = 8


def run(helper: ExperimentHelper, cfg: Narrower) -> None:
    Learn.C(model=Model.C(hidden=cfg.hidden)).submit()
    LearnTransformer.C(model=Transformer.C(hidden=cfg.hidden, heads=2)).submit()
