"""A misspelt name in a copy."""

from experimaestro import Config, Param, Task, copyconfig, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Model(Config):
    hidden: Param[int]
    layers: Param[int] = field(default=2)


class Train(Task):
    model: Param[Model]

    def execute(self) -> None:
        print(self.model.hidden)


@configuration
class Copies(ConfigurationBase):
    hidden: list[int] = [16, 32]


def run(helper: ExperimentHelper, cfg: Copies) -> None:
    model = Model.C(hidden=8)
    Train.C(model=model).submit()
    for hidden in cfg.hidden:
        copied = copyconfig(model, hiden=hidden)  # E: xpm-copyconfig
        Train.C(model=copied).submit()
