"""Tasks built in comprehensions, lists and dictionaries."""

from experimaestro import Param, Task, tag
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Learn(Task):
    lr: Param[float]
    seed: Param[int]

    def execute(self) -> None:
        print(self.lr)


class Ensemble(Task):
    members: Param[list[Learn]]
    named: Param[dict[str, Learn]]

    def execute(self) -> None:
        print(len(self.members))


@configuration
class Rates(ConfigurationBase):
    rates: list[float] = [1e-3, 1e-2]
    seeds: list[int] = [1, 2]


def run(helper: ExperimentHelper, cfg: Rates) -> None:
    learners = {rate: Learn.C(lr=tag(rate), seed=1).submit() for rate in cfg.rates}
    plans = [Learn.C(lr=0.5, seed=tag(seed)) for seed in cfg.seeds]
    members = [plan.submit() for plan in plans]
    named = {f"lr{rate}": learner for rate, learner in learners.items()}
    Ensemble.C(members=members, named=named).submit()
    for rate, learner in learners.items():
        Ensemble.C(members=[learner], named={str(rate): learner}).submit()
