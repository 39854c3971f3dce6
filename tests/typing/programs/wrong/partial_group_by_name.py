"""A group is not its name."""

from pathlib import Path

from experimaestro import Meta, Param, PathGenerator, Task, field, param_group, partial
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration

BUDGET = param_group("budget")


class Search(Task):
    space: Param[str]
    trials: Param[int] = field(default=10, groups=[BUDGET])
    shared = partial(exclude_groups=["budget"])  # E: xpm-partial
    database: Meta[Path] = field(default_factory=PathGenerator("trials.db", partial=shared))

    def execute(self) -> None:
        print(self.database)


@configuration
class Budgets(ConfigurationBase):
    trials: list[int] = [10, 100]


def run(helper: ExperimentHelper, cfg: Budgets) -> None:
    for trials in cfg.trials:
        Search.C(space="small", trials=trials).submit()
