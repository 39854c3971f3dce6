"""A misspelt option."""

from experimaestro import Config, Param, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Memory(Config):
    capacity: Param[int]
    alpha: Param[float] = field(defualt=0.6)  # E: xpm-field


class Play(Task):
    memory: Param[Memory]

    def execute(self) -> None:
        print(self.memory.alpha)


@configuration
class Replay(ConfigurationBase):
    capacity: int = 10_000


def run(helper: ExperimentHelper, cfg: Replay) -> None:
    Play.C(memory=Memory.C(capacity=cfg.capacity, alpha=0.5)).submit()
