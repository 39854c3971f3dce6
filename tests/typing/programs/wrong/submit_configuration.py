"""Only tasks are submitted."""

from experimaestro import Config, Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Model(Config):
    hidden: Param[int]


class Train(Task):
    model: Param[Model]

    def execute(self) -> None:
        print(self.model.hidden)


@configuration
class Submitted(ConfigurationBase):
    hidden: int = 3


def run(helper: ExperimentHelper, cfg: Submitted) -> None:
    model = Model.C(hidden=cfg.hidden).submit()  # E: xpm-phase
    Train.C(model=model).submit()
