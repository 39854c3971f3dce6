"""Splits a data set, with or without a seed."""

from typing import Optional

from experimaestro import Config, Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Split(Config):
    ratio: Param[float]
    seed: Optional[Param[int]] = None  # E: xpm-param-kind


class MakeSplit(Task):
    split: Param[Split]

    def execute(self) -> None:
        print(self.split.ratio, self.split.seed)


@configuration
class Splits(ConfigurationBase):
    ratio: float = 0.8


def run(helper: ExperimentHelper, cfg: Splits) -> None:
    for seed in range(5):
        MakeSplit.C(split=Split.C(ratio=cfg.ratio, seed=seed)).submit()
