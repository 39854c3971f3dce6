"""`run` takes the helper and the configuration."""

from experimaestro import Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Hello(Task):
    name: Param[str]

    def execute(self) -> None:
        print(self.name)


@configuration
class Names(ConfigurationBase):
    names: list[str] = ["world"]


def run(helper: ExperimentHelper, cfg: Names) -> None:
    for name in cfg.names:
        Hello.C(name=name).submit()
