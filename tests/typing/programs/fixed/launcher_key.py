"""A property that accelerators don't have."""

from experimaestro import Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration
from experimaestro.launcherfinder import find_launcher

GPU = "duration=1 day & cuda(mem=40G) * 2"


class Pretrain(Task):
    tokens: Param[int]

    def execute(self) -> None:
        print(self.tokens)


@configuration
class Pretraining(ConfigurationBase):
    tokens: int = 10**9


def run(helper: ExperimentHelper, cfg: Pretraining) -> None:
    launcher = find_launcher("duration=1 day & cuda(mem=40G) * 2")
    Pretrain.C(tokens=cfg.tokens).submit(launcher=launcher)
