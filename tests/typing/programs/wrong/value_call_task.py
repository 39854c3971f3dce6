"""A task is called without `.C`."""

from experimaestro import Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Hello(Task):
    name: Param[str]

    def execute(self) -> None:
        print("hello", self.name)


@configuration
class Names(ConfigurationBase):
    names: list[str] = ["Ada", "Grace"]


def run(helper: ExperimentHelper, cfg: Names) -> None:
    for name in cfg.names:
        Hello(name=name).submit()  # E: xpm-value-call
