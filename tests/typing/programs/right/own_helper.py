"""A helper of one's own, with arguments from the command line."""

from typing import Any

from experimaestro import Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class LearningHelper(ExperimentHelper):
    verbose: bool = False

    def run(self, args: list[str], configuration: Any) -> None:
        self.verbose = "--verbose" in args
        self.callable(self, configuration)


class Learn(Task):
    seed: Param[int]

    def execute(self) -> None:
        print(self.seed)


@configuration
class Learning(ConfigurationBase):
    seed: int = 1


@LearningHelper.decorator
def run(helper: LearningHelper, cfg: Learning) -> None:
    if helper.verbose:
        print(helper.xp.workdir)
    Learn.C(seed=cfg.seed).submit()
