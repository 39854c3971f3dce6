"""A class of this module has the identifier of a class of another one."""

from experimaestro import Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration

from .models import Linear


class Forest(Linear):
    __xpmid__ = "lab.models.forest"

    trees: Param[int]


class Fit(Task):
    model: Param[Linear]

    def execute(self) -> None:
        print(self.model.features)


@configuration
class Models(ConfigurationBase):
    features: int = 4


def run(helper: ExperimentHelper, cfg: Models) -> None:
    for model in (Linear.C(features=cfg.features), Forest.C(features=cfg.features, trees=100)):
        Fit.C(model=model).submit()
