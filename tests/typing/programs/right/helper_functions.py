"""Functions that build, complete and submit configurations."""

from collections.abc import Callable, Iterator

from experimaestro import Config, Param, Task, tag
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Model(Config):
    hidden: Param[int]
    layers: Param[int]


class Learn(Task):
    model: Param[Model]
    seed: Param[int]

    def execute(self) -> None:
        print(self.model.hidden)


@configuration
class Functions(ConfigurationBase):
    hidden: int = 8
    seeds: list[int] = [1, 2]


def build(hidden: int) -> Model:
    model = Model.C(hidden=tag(hidden))
    complete(model, layers=2)
    return model


def complete(model: Model, *, layers: int) -> None:
    model.layers = layers


def learn(model: Model, seed: int) -> Learn:
    task = Learn.C(model=model)
    task.seed = seed
    return task


def all_of(make: Callable[[int], Learn], seeds: list[int]) -> Iterator[Learn]:
    for seed in seeds:
        yield make(seed).submit()


def run(helper: ExperimentHelper, cfg: Functions) -> None:
    model = build(cfg.hidden)
    for learned in all_of(lambda seed: learn(model, seed), cfg.seeds):
        print(learned.jobpath)
