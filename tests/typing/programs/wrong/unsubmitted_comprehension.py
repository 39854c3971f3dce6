"""Tasks are built in a list, and given as they are."""

from experimaestro import Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Score(Task):
    shard: Param[int]

    def execute(self) -> None:
        print(self.shard)


class Merge(Task):
    parts: Param[list[Score]]

    def execute(self) -> None:
        print(len(self.parts))


@configuration
class Shards(ConfigurationBase):
    shards: int = 4


def run(helper: ExperimentHelper, cfg: Shards) -> None:
    parts = [Score.C(shard=shard) for shard in range(cfg.shards)]
    Merge.C(parts=parts).submit()  # E: xpm-unsubmitted
