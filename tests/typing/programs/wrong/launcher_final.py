"""The requirement is a constant of the module."""

from typing import Final

from experimaestro import Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration
from experimaestro.launcherfinder import find_launcher

LARGE: Final = "duration=2 days, cpu(mem=16G, cores=8)"


class Index(Task):
    shards: Param[int]

    def execute(self) -> None:
        print(self.shards)


@configuration
class Large(ConfigurationBase):
    shards: int = 8


def run(helper: ExperimentHelper, cfg: Large) -> None:
    launcher = find_launcher(LARGE)  # E: xpm-launcher
    Index.C(shards=cfg.shards).submit(launcher=launcher)
