"""A directory shared by the tasks that differ by the number of steps only."""

from pathlib import Path

from experimaestro import Meta, Param, PathGenerator, ResumableTask, field, param_group, partial
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration

LENGTH = param_group("length")
LOGS = param_group("logs")


class Learn(ResumableTask):
    lr: Param[float]
    steps: Param[int] = field(groups=[LENGTH])
    verbose: Param[bool] = field(default=False, groups=[LOGS, LENGTH])

    shared = partial(exclude_groups=[LENGTH, LOGS])
    only_logs = partial(exclude_all=True, include_groups={LOGS})

    checkpoints: Meta[Path] = field(default_factory=PathGenerator("checkpoints", partial=shared))
    logs: Meta[Path] = field(default_factory=PathGenerator(partial=only_logs))

    def execute(self) -> None:
        self.checkpoints.mkdir(parents=True, exist_ok=True)
        print(self.remaining_time())


@configuration
class Lengths(ConfigurationBase):
    steps: list[int] = [10, 100]


def run(helper: ExperimentHelper, cfg: Lengths) -> None:
    for steps in cfg.steps:
        Learn.C(lr=0.1, steps=steps).submit(max_retries=10)
