"""A value that is not allowed, assigned later, to a parameter of an imported class."""

from typing import Annotated

from experimaestro import Choices, Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Correlate(Task):
    method: Param[Annotated[str, Choices(["pearson", "kendall", "spearman"])]]
    samples: Param[int]

    def execute(self) -> None:
        print(self.method, self.samples)


@configuration
class Correlations(ConfigurationBase):
    ranks: bool = True


def run(helper: ExperimentHelper, cfg: Correlations) -> None:
    correlate = Correlate.C(samples=100, method="pearson")
    if cfg.ranks:
        correlate.method = "kendall"
    correlate.submit()
