"""None for what is required."""

from experimaestro import Config, Param, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Regularization(Config):
    weight: Param[float]


class Fit(Task):
    degree: Param[int]
    regularization: Param[Regularization]
    limit: Param[int | None] = field(default=None)

    def execute(self) -> None:
        print(self.degree, self.regularization.weight, self.limit)


@configuration
class Fits(ConfigurationBase):
    weights: list[float] = [0.0, 0.1]


def run(helper: ExperimentHelper, cfg: Fits) -> None:
    Fit.C(degree=2, regularization=None).submit()  # E: xpm-param-type
    for weight in cfg.weights:
        Fit.C(degree=3, regularization=Regularization.C(weight=weight), limit=None).submit()
