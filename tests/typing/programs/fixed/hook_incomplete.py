"""A hook says what it does to jobs."""

from experimaestro import Job, Launcher, Param, SubmitHook, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Threads(SubmitHook):
    def spec(self) -> str:
        return "threads"

    def process(self, job: Job, launcher: Launcher) -> None:
        job.environ["OMP_NUM_THREADS"] = "1"


@Threads()
class Solve(Task):
    size: Param[int]

    def execute(self) -> None:
        print(self.size)


@configuration
class Threaded(ConfigurationBase):
    size: int = 10


def run(helper: ExperimentHelper, cfg: Threaded) -> None:
    Solve.C(size=cfg.size).submit()
