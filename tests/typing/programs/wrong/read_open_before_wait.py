"""The table of results is made before there are any."""

from pathlib import Path

from experimaestro import Meta, Param, PathGenerator, RunMode, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Measure(Task):
    size: Param[int]
    times: Meta[Path] = field(default_factory=PathGenerator("times.csv"))

    def execute(self) -> None:
        self.times.write_text("1.0,2.0")


@configuration
class Benchmark(ConfigurationBase):
    size: int = 1000


def run(helper: ExperimentHelper, cfg: Benchmark) -> None:
    measure = Measure.C(size=cfg.size)
    measure.submit()
    if helper.xp.run_mode == RunMode.NORMAL:
        with open(measure.times) as times:  # E: xpm-read-before-run
            print(times.read())
