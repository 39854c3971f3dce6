"""Two durations for one job."""

from experimaestro import Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration
from experimaestro.launcherfinder import find_launcher


class Fold(Task):
    sequence: Param[str]

    def execute(self) -> None:
        print(self.sequence)


@configuration
class Proteins(ConfigurationBase):
    sequences: list[str] = ["MKV", "MKL"]


def run(helper: ExperimentHelper, cfg: Proteins) -> None:
    launcher = find_launcher("duration=2h & cpu(cores=4) | duration=4h & cpu(cores=2)")
    for sequence in cfg.sequences:
        Fold.C(sequence=sequence).submit(launcher=launcher)
