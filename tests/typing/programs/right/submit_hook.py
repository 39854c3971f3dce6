"""A hook changes the jobs of the tasks that use a class."""

from experimaestro import Config, Job, Launcher, Param, SubmitHook, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Threads(SubmitHook):
    def __init__(self, count: int) -> None:
        self.count = count

    def spec(self) -> int:
        return self.count

    def process(self, job: Job, launcher: Launcher) -> None:
        job.environ["OMP_NUM_THREADS"] = str(self.count)


@Threads(4)
class Solver(Config):
    tolerance: Param[float]


class Solve(Task):
    solver: Param[Solver]

    def execute(self) -> None:
        print(self.solver.tolerance)


@configuration
class Threaded(ConfigurationBase):
    tolerance: float = 1e-6


def run(helper: ExperimentHelper, cfg: Threaded) -> None:
    Solve.C(solver=Solver.C(tolerance=cfg.tolerance)).submit()
