"""One expression builds the whole graph; its innermost part is not complete."""

from experimaestro import Config, Param, Task, tag
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Schedule(Config):
    warmup: Param[int]
    decay: Param[float]


class Adam(Config):
    lr: Param[float]
    schedule: Param[Schedule]


class Train(Task):
    optimizer: Param[Adam]
    seed: Param[int]

    def execute(self) -> None:
        print(self.optimizer.schedule.decay, self.seed)


@configuration
class Sweep(ConfigurationBase):
    seeds: list[int] = [1, 2, 3]


def run(helper: ExperimentHelper, cfg: Sweep) -> None:
    for seed in cfg.seeds:
        Train.C(
            seed=tag(seed),
            optimizer=Adam.C(
                lr=1e-3,
                schedule=Schedule.C(warmup=1000, decay=0.9),
            ),
        ).submit()
