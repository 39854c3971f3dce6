"""Tags belong to plans."""

from experimaestro import Config, Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Model(Config):
    hidden: Param[int]

    def __post_init__(self) -> None:
        self.tag("hidden", self.hidden)  # E: xpm-phase


class Train(Task):
    model: Param[Model]

    def execute(self) -> None:
        print(self.model.hidden)


@configuration
class Hidden(ConfigurationBase):
    hidden: int = 8


def run(helper: ExperimentHelper, cfg: Hidden) -> None:
    model = Model.C(hidden=cfg.hidden).tag("hidden", cfg.hidden)
    Train.C(model=model).submit()
