"""Waiting for one task."""

from pathlib import Path

from experimaestro import Meta, Param, PathGenerator, RunMode, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Tune(Task):
    trials: Param[int]
    best: Meta[Path] = field(default_factory=PathGenerator("best.txt"))

    def execute(self) -> None:
        self.best.write_text("0.1")


class Learn(Task):
    lr: Param[float]

    def execute(self) -> None:
        print(self.lr)


@configuration
class Tuned(ConfigurationBase):
    trials: int = 10


def run(helper: ExperimentHelper, cfg: Tuned) -> None:
    tuned = Tune.C(trials=cfg.trials).submit()
    if helper.xp.run_mode != RunMode.NORMAL:
        return
    tuned.wait()
    lr = float(tuned.best.read_text())
    Learn.C(lr=lr).submit()
