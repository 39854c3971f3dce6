"""A parameter that may be None is read as if it was there."""

from experimaestro import Config, Param, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Schedule(Config):
    warmup: Param[int]


class Train(Task):
    lr: Param[float]
    schedule: Param[Schedule | None] = field(default=None)

    def execute(self) -> None:
        print(self.lr)
        print(self.schedule.warmup if self.schedule else 0)


@configuration
class Schedules(ConfigurationBase):
    lr: float = 1e-3


def run(helper: ExperimentHelper, cfg: Schedules) -> None:
    Train.C(lr=cfg.lr).submit()
    Train.C(lr=cfg.lr, schedule=Schedule.C(warmup=100)).submit()
