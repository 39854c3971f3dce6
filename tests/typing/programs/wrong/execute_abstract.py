"""The base of all learners is submitted."""

from abc import ABC, abstractmethod

from experimaestro import Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Learner(Task, ABC):
    epochs: Param[int]

    @abstractmethod
    def step(self, epoch: int) -> float: ...

    def execute(self) -> None:
        for epoch in range(self.epochs):
            print(self.step(epoch))


class Constant(Learner):
    def step(self, epoch: int) -> float:
        return 1.0


@configuration
class Learners(ConfigurationBase):
    epochs: int = 2


def run(helper: ExperimentHelper, cfg: Learners) -> None:
    Learner.C(epochs=cfg.epochs).submit()  # E: xpm-execute
