"""1e6 is a float."""

from experimaestro import Config, Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Environment(Config):
    name: Param[str]


class Play(Task):
    environment: Param[Environment]
    frames: Param[int]

    def execute(self) -> None:
        print(self.environment.name, self.frames)


@configuration
class Games(ConfigurationBase):
    games: list[str] = ["pong", "breakout"]


def run(helper: ExperimentHelper, cfg: Games) -> None:
    for game in cfg.games:
        environment = Environment.C(name=game)
        Play.C(environment=environment, frames=1_000_000).submit()
