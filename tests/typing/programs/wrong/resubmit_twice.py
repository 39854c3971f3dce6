"""The same task is submitted for training and for the final evaluation."""

from experimaestro import Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Learn(Task):
    seed: Param[int]

    def execute(self) -> None:
        print(self.seed)


class Evaluate(Task):
    learned: Param[Learn]
    split: Param[str]

    def execute(self) -> None:
        print(self.split)


@configuration
class Once(ConfigurationBase):
    seed: int = 1


def run(helper: ExperimentHelper, cfg: Once) -> None:
    learn = Learn.C(seed=cfg.seed)
    learned = learn.submit()
    Evaluate.C(learned=learned, split="dev").submit()
    Evaluate.C(learned=learn.submit(), split="test").submit()  # E: xpm-resubmit
