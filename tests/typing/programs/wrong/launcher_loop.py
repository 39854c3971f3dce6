"""One of several requirements in a loop."""

from experimaestro import Param, Task, tag
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration
from experimaestro.launcherfinder import find_launcher


class Measure(Task):
    device: Param[str]
    batch: Param[int]

    def execute(self) -> None:
        print(self.device, self.batch)


@configuration
class Devices(ConfigurationBase):
    batch: int = 8


def run(helper: ExperimentHelper, cfg: Devices) -> None:
    for device, requirement in [
        ("cpu", "duration=1h & cpu(mem=4G, cores=4)"),
        ("gpu", "duration=1h and gpu(mem=8G)"),  # E: xpm-launcher
    ]:
        launcher = find_launcher(requirement)
        Measure.C(device=tag(device), batch=cfg.batch).submit(launcher=launcher)
