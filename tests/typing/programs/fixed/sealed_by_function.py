"""A configuration changes after a function has submitted a task that holds it."""

from experimaestro import Config, Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Model(Config):
    hidden: Param[int]


class Learn(Task):
    model: Param[Model]
    rate: Param[float]

    def execute(self) -> None:
        print(self.model.hidden, self.rate)


@configuration
class Widths(ConfigurationBase):
    rate: float = 0.1


def learn(model: Model, rate: float) -> Learn:
    return Learn.C(model=model, rate=rate).submit()


def run(helper: ExperimentHelper, cfg: Widths) -> None:
    model = Model.C(hidden=32)
    learn(model, cfg.rate)
    model = Model.C(hidden=64)
    learn(model, cfg.rate)
