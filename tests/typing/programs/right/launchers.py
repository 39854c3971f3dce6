"""Requirements of jobs."""

from typing import Final

from experimaestro import Launcher, Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration
from experimaestro.launcherfinder import find_launcher

LARGE: Final = "duration=2 days & cuda(mem=24G) * 2 & cpu(mem=16G, cores=8)"


class Learn(Task):
    hidden: Param[int]

    def execute(self) -> None:
        print(self.hidden)


@configuration
class Launched(ConfigurationBase):
    hours: int = 4
    requirement: str = "duration=1h & cpu(cores=2) | duration=2h & gpu(mem=4G)"


def run(helper: ExperimentHelper, cfg: Launched) -> None:
    small: Launcher = find_launcher(cfg.requirement)
    middle = find_launcher(f"duration={cfg.hours}h & cpu(mem=4G, cores=2)")
    large = find_launcher(LARGE, "duration=10m & cpu(cores=1)")
    for hidden, launcher in ((8, small), (64, middle), (512, large)):
        Learn.C(hidden=hidden).submit(launcher=launcher)
    Learn.C(hidden=1).submit(launcher=None)
