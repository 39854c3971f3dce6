"""What is removed can't be shown."""

from pathlib import Path

from experimaestro import Meta, Param, PathGenerator, RunMode, Task, TransientMode, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Simulate(Task):
    steps: Param[int]
    trace: Meta[Path] = field(default_factory=PathGenerator("trace.bin"))

    def execute(self) -> None:
        self.trace.write_bytes(b"trace")


class Summarize(Task):
    simulation: Param[Simulate]

    def execute(self) -> None:
        print(self.simulation.trace)


@configuration
class Traces(ConfigurationBase):
    steps: int = 1000


def run(helper: ExperimentHelper, cfg: Traces) -> None:
    simulation = Simulate.C(steps=cfg.steps).submit(transient=TransientMode.REMOVE)
    Summarize.C(simulation=simulation).submit()
    helper.xp.wait()
    if helper.xp.run_mode == RunMode.NORMAL:
        print(len(simulation.trace.read_bytes()))  # E: xpm-transient
