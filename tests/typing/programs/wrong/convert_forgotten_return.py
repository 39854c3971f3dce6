"""Nothing is returned."""

from experimaestro import Param, Task, deprecate
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Learn(Task):
    epochs: Param[int]
    seed: Param[int]

    def execute(self) -> None:
        print(self.epochs, self.seed)


@deprecate(Learn, replace=True)
class OldLearn(Task):
    iterations: Param[int]

    def __convert__(self) -> None:  # E: xpm-convert
        Learn.C(epochs=self.iterations, seed=0)

    def execute(self) -> None:
        print(self.iterations)


@configuration
class Iterations(ConfigurationBase):
    iterations: int = 3


def run(helper: ExperimentHelper, cfg: Iterations) -> None:
    Learn.C(epochs=cfg.iterations, seed=1).submit()
