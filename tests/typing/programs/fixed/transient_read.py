"""A file that may not be there is read."""

from pathlib import Path

from experimaestro import Meta, Param, PathGenerator, RunMode, Task, TransientMode, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Sample(Task):
    seed: Param[int]
    samples: Meta[Path] = field(default_factory=PathGenerator("samples.txt"))

    def execute(self) -> None:
        self.samples.write_text("1 2 3")


class Average(Task):
    sample: Param[Sample]
    mean: Meta[Path] = field(default_factory=PathGenerator("mean.txt"))

    def execute(self) -> None:
        self.mean.write_text(self.sample.samples.read_text())


@configuration
class Averages(ConfigurationBase):
    seed: int = 1


def run(helper: ExperimentHelper, cfg: Averages) -> None:
    sample = Sample.C(seed=cfg.seed).submit(transient=TransientMode.TRANSIENT)
    average = Average.C(sample=sample).submit()
    helper.xp.wait()
    if helper.xp.run_mode == RunMode.NORMAL:
        print(average.mean.read_text())
