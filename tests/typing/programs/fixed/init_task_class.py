"""The class of the step, not a step."""

from experimaestro import LightweightTask, Param, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Threads(LightweightTask):
    count: Param[int] = field(default=1)

    def execute(self) -> None:
        print("threads", self.count)


class Solve(Task):
    size: Param[int]

    def execute(self) -> None:
        print(self.size)


@configuration
class Solver(ConfigurationBase):
    sizes: list[int] = [10, 20]


def run(helper: ExperimentHelper, cfg: Solver) -> None:
    for size in cfg.sizes:
        Solve.C(size=size).submit(init_tasks=[Threads.C()])
