"""A default of another type."""

from experimaestro import Config, Param, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Scheduler(Config):
    warmup: Param[int]
    decay: Param[float] = field(default="0.99", ignore_default=True)  # E: xpm-field


class Train(Task):
    scheduler: Param[Scheduler]

    def execute(self) -> None:
        print(self.scheduler.decay)


@configuration
class Warmups(ConfigurationBase):
    warmups: list[int] = [0, 1000]


def run(helper: ExperimentHelper, cfg: Warmups) -> None:
    for warmup in cfg.warmups:
        Train.C(scheduler=Scheduler.C(warmup=warmup)).submit()
