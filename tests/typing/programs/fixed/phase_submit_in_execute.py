"""A task submits another while it runs."""

from experimaestro import Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Evaluate(Task):
    split: Param[str]

    def execute(self) -> None:
        print(self.split)


class Learn(Task):
    epochs: Param[int]

    def execute(self) -> None:
        for epoch in range(self.epochs):
            print("epoch", epoch)
        print("done")


@configuration
class Epochs(ConfigurationBase):
    epochs: int = 3


def run(helper: ExperimentHelper, cfg: Epochs) -> None:
    Learn.C(epochs=cfg.epochs).submit()
    Evaluate.C(split="test").submit()
