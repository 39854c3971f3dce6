"""Tasks are built in a comprehension, then used one by one."""

from experimaestro import Param, Task, tag
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Learn(Task):
    lr: Param[float]

    def execute(self) -> None:
        print(self.lr)


class Evaluate(Task):
    learned: Param[Learn]
    split: Param[str]

    def execute(self) -> None:
        print(self.split)


@configuration
class Rates(ConfigurationBase):
    rates: list[float] = [1e-3, 1e-2]


def run(helper: ExperimentHelper, cfg: Rates) -> None:
    learners = {rate: Learn.C(lr=tag(rate)).submit() for rate in cfg.rates}
    for rate, learner in learners.items():
        print("evaluates", rate)
        Evaluate.C(learned=learner, split="test").submit()
