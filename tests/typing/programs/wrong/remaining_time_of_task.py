"""Only resumable tasks know the time left."""

from experimaestro import Param, ResumableTask, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Evaluate(Task):
    split: Param[str]

    def execute(self) -> None:
        print(self.split)


class Learn(Task):
    epochs: Param[int]

    def execute(self) -> None:
        for epoch in range(self.epochs):
            left = self.remaining_time()  # E: xpm-execute
            print(epoch, left)


@configuration
class Limited(ConfigurationBase):
    epochs: int = 3


def run(helper: ExperimentHelper, cfg: Limited) -> None:
    Learn.C(epochs=cfg.epochs).submit()
    Evaluate.C(split="test").submit()
