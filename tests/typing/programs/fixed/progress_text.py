"""A fraction, not a text."""

from experimaestro import Param, Task, progress
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Learn(Task):
    epochs: Param[int]

    def execute(self) -> None:
        for epoch in range(self.epochs):
            progress(epoch / self.epochs)


@configuration
class Progressing(ConfigurationBase):
    epochs: int = 10


def run(helper: ExperimentHelper, cfg: Progressing) -> None:
    Learn.C(epochs=cfg.epochs).submit()
