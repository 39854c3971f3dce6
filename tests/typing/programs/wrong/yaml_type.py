"""A value of the YAML file has a wrong type."""

from experimaestro import Param, Task, tag
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Learn(Task):
    hidden: Param[int]

    def execute(self) -> None:
        print(self.hidden)


@configuration
class Widths(ConfigurationBase):
    hidden: list[int]


def run(helper: ExperimentHelper, cfg: Widths) -> None:  # E: xpm-yaml
    for hidden in cfg.hidden:
        Learn.C(hidden=tag(hidden)).submit()
