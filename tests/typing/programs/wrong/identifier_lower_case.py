"""Identifiers don't tell upper from lower case."""

from experimaestro import Config, Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Adam(Config):
    __xpmid__ = "lab.optim.Adam"

    lr: Param[float]


class ADAM(Config):
    __xpmid__ = "lab.optim.ADAM"  # E: xpm-duplicate-id

    lr: Param[float]
    amsgrad: Param[bool]


class Train(Task):
    first: Param[Adam]
    then: Param[ADAM]

    def execute(self) -> None:
        print(self.first.lr, self.then.lr)


@configuration
class Adams(ConfigurationBase):
    lr: float = 1e-3


def run(helper: ExperimentHelper, cfg: Adams) -> None:
    Train.C(first=Adam.C(lr=cfg.lr), then=ADAM.C(lr=cfg.lr, amsgrad=True)).submit()
