"""What the YAML file holds is not said."""

from typing import Any

from experimaestro import Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Sort(Task):
    size: Param[int]

    def execute(self) -> None:
        print(self.size)


@configuration
class Sizes(ConfigurationBase):
    size: int = 100


def show(value: Any) -> None:
    print(value)


def run(helper: ExperimentHelper, cfg: dict[str, Any]) -> None:  # E: xpm-run
    Sort.C(size=int(cfg["size"])).submit()
