"""A wrong type, assigned."""

from experimaestro import Param, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Train(Task):
    lr: Param[float] = field(default=1e-3)
    betas: Param[tuple[float, float]] = field(default=(0.9, 0.999))

    def execute(self) -> None:
        print(self.lr, self.betas)


@configuration
class Betas(ConfigurationBase):
    fast: bool = True


def run(helper: ExperimentHelper, cfg: Betas) -> None:
    train = Train.C()
    if cfg.fast:
        train.betas = (0.8, 0.99)
    train.submit()
