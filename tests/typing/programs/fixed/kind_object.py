"""Any object at all."""

from experimaestro import Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Log(Task):
    name: Param[str]
    value: Param[int | float | str]

    def execute(self) -> None:
        print(self.name, self.value)


@configuration
class Logs(ConfigurationBase):
    value: float = 3.0


def run(helper: ExperimentHelper, cfg: Logs) -> None:
    Log.C(name="temperature", value=cfg.value).submit()
