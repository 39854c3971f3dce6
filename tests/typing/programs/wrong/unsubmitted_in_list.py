"""One of the members of the ensemble is not submitted."""

from experimaestro import Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Learn(Task):
    seed: Param[int]

    def execute(self) -> None:
        print(self.seed)


class Ensemble(Task):
    members: Param[list[Learn]]

    def execute(self) -> None:
        print(len(self.members))


@configuration
class Ensembles(ConfigurationBase):
    seed: int = 1


def run(helper: ExperimentHelper, cfg: Ensembles) -> None:
    first = Learn.C(seed=cfg.seed).submit()
    second = Learn.C(seed=cfg.seed + 1)
    Ensemble.C(members=[first, second]).submit()  # E: xpm-unsubmitted
