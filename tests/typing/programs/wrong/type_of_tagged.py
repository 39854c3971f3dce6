"""A tagged value keeps its type."""

from experimaestro import Config, Param, Task, tag
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Model(Config):
    hidden: Param[int]
    dropout: Param[float]


class Train(Task):
    model: Param[Model]

    def execute(self) -> None:
        print(self.model.hidden)


@configuration
class Dropouts(ConfigurationBase):
    dropouts: list[str] = ["0.1", "0.2"]


def run(helper: ExperimentHelper, cfg: Dropouts) -> None:
    for dropout in cfg.dropouts:
        model = Model.C(hidden=tag(64), dropout=tag(dropout))  # E: xpm-param-type
        Train.C(model=model).submit()
