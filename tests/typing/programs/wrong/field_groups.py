"""Groups are given in a list."""

from experimaestro import Config, Param, Task, field, param_group
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration

OPTIMIZATION = param_group("optimization")


class Settings(Config):
    lr: Param[float] = field(default=1e-3, groups=OPTIMIZATION)  # E: xpm-field
    hidden: Param[int] = field(default=32)


class Train(Task):
    settings: Param[Settings]

    def execute(self) -> None:
        print(self.settings.lr)


@configuration
class Rates(ConfigurationBase):
    lr: float = 1e-2


def run(helper: ExperimentHelper, cfg: Rates) -> None:
    Train.C(settings=Settings.C(lr=cfg.lr)).submit()
