"""A table of configurations."""

from experimaestro import Config, Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Model(Config):
    hidden: Param[int]


class Train(Task):
    model: Param[Model]
    epochs: Param[int]

    def execute(self) -> None:
        print(self.model.hidden, self.epochs)


@configuration
class Models(ConfigurationBase):
    epochs: int = 10


def run(helper: ExperimentHelper, cfg: Models) -> None:
    small = Model.C(hidden=8)
    large = Model.C(hidden=512)
    epochs = [(small, 2 * cfg.epochs), (large, cfg.epochs)]
    for model, count in epochs:
        Train.C(model=model, epochs=count).submit()
