"""Each result is read in the loop that submits."""

from pathlib import Path

from experimaestro import Meta, Param, PathGenerator, RunMode, Task, field, tag
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Learn(Task):
    lr: Param[float]
    loss: Meta[Path] = field(default_factory=PathGenerator("loss.txt"))

    def execute(self) -> None:
        self.loss.write_text("0.1")


@configuration
class LearningRates(ConfigurationBase):
    rates: list[float] = [1e-3, 1e-2]


def run(helper: ExperimentHelper, cfg: LearningRates) -> None:
    best = 1e9
    learners = [Learn.C(lr=tag(rate)).submit() for rate in cfg.rates]
    helper.xp.wait()
    if helper.xp.run_mode == RunMode.NORMAL:
        best = min(float(learned.loss.read_text()) for learned in learners)
    print(best)
