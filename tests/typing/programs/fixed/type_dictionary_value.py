"""Weights of losses, one of which is not a number."""

from experimaestro import Config, Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Losses(Config):
    weights: Param[dict[str, float]]


class Train(Task):
    losses: Param[Losses]

    def execute(self) -> None:
        print(sum(self.losses.weights.values()))


@configuration
class Distillation(ConfigurationBase):
    alpha: float = 0.5


def run(helper: ExperimentHelper, cfg: Distillation) -> None:
    losses = Losses.C(weights={"hard": cfg.alpha, "soft": 1 - cfg.alpha})
    Train.C(losses=losses).submit()
