"""A list as the default, written without `field`."""

from experimaestro import Param, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Plot(Task):
    title: Param[str]
    columns: Param[list[str]] = field(default_factory=list[str])
    scale: Param[float] = field(default=1.0)

    def execute(self) -> None:
        print(self.title, self.columns)


@configuration
class Plots(ConfigurationBase):
    titles: list[str] = ["loss", "accuracy"]


def run(helper: ExperimentHelper, cfg: Plots) -> None:
    for title in cfg.titles:
        Plot.C(title=title, columns=["epoch", title]).submit()
