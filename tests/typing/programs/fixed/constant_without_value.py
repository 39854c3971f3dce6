"""A constant needs its value."""

from experimaestro import Constant, Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Align(Task):
    version: Constant[int] = 1
    source: Param[str]
    target: Param[str]

    def execute(self) -> None:
        print(self.source, self.target)


@configuration
class Alignment(ConfigurationBase):
    source: str = "en"
    target: str = "fr"


def run(helper: ExperimentHelper, cfg: Alignment) -> None:
    align = Align.C(source=cfg.source, target=cfg.target)
    align.submit()
