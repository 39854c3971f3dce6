"""Copies with other values, and parts that do not count."""

from experimaestro import Config, Param, Task, copyconfig, field, setmeta
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Logger(Config):
    every: Param[int] = field(default=100)


class Model(Config):
    hidden: Param[int]
    layers: Param[int] = field(default=2)


class Train(Task):
    model: Param[Model]
    logger: Param[Logger | None] = field(default=None)

    def execute(self) -> None:
        print(self.model.hidden)


@configuration
class Copies(ConfigurationBase):
    hidden: list[int] = [8, 16]


def run(helper: ExperimentHelper, cfg: Copies) -> None:
    base = Model.C(hidden=4)
    logger = setmeta(Logger.C(every=10), True)
    for hidden in cfg.hidden:
        model = copyconfig(base, hidden=hidden)
        model.layers = 3
        Train.C(model=model, logger=logger).submit()
    deep = base.copy()
    deep.layers = 10
    Train.C(model=deep).submit()
