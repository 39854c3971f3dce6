"""A value without annotation looks like the new default of a parameter."""

from experimaestro import Config, Param, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Index(Config):
    shards: Param[int] = field(default=1)
    name: Param[str]


class LargeIndex(Index):
    shards = 16  # E: xpm-override


class Search(Task):
    index: Param[Index]

    def execute(self) -> None:
        print(self.index.shards)


@configuration
class Indices(ConfigurationBase):
    names: list[str] = ["web", "news"]


def run(helper: ExperimentHelper, cfg: Indices) -> None:
    for name in cfg.names:
        Search.C(index=LargeIndex.C(name=name)).submit()
