"""A base class leaves the type of a parameter open; its subclasses choose it."""

from typing import Generic, TypeVar

from experimaestro import Config, Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Model(Config):
    hidden: Param[int]


class Transformer(Model):
    heads: Param[int]


M = TypeVar("M", bound=Model)


class Learn(Task, Generic[M]):
    model: Param[M]


class LearnTransformer(Learn[Transformer]):
    def execute(self) -> None:
        print(self.model.heads)


@configuration
class Narrowed(ConfigurationBase):
    heads: int = 8


def run(helper: ExperimentHelper, cfg: Narrowed) -> None:
    LearnTransformer.C(model=Transformer.C(hidden=64, heads=cfg.heads)).submit()
