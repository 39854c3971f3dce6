"""The default is not one of the values allowed."""

from typing import Annotated

from experimaestro import Choices, Config, Param, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Loss(Config):
    reduction: Annotated[str, Choices(["mean", "sum"])] = field(default="avg")  # E: xpm-choices
    margin: Param[float]


class Train(Task):
    loss: Param[Loss]

    def execute(self) -> None:
        print(self.loss.reduction)


@configuration
class Margins(ConfigurationBase):
    margin: float = 0.5


def run(helper: ExperimentHelper, cfg: Margins) -> None:
    Train.C(loss=Loss.C(margin=cfg.margin)).submit()
