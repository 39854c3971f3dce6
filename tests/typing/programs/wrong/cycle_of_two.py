"""Each of two configurations holds the other."""

from experimaestro import Config, Param, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Agent(Config):
    name: Param[str]
    opponent: Param["Agent | None"] = field(default=None)


class Play(Task):
    agent: Param[Agent]

    def execute(self) -> None:
        print(self.agent.name)


@configuration
class Games(ConfigurationBase):
    first: str = "black"


def run(helper: ExperimentHelper, cfg: Games) -> None:
    black = Agent.C(name=cfg.first)
    white = Agent.C(name="white", opponent=black)
    black.opponent = white  # E: xpm-cycle
    Play.C(agent=white).submit()
