"""A light task runs in the job of another."""

from experimaestro import LightweightTask, Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Warm(LightweightTask):
    cache: Param[str]

    def execute(self) -> None:
        print(self.cache)


class Query(Task):
    text: Param[str]

    def execute(self) -> None:
        print(self.text)


@configuration
class Warmed(ConfigurationBase):
    text: str = "why?"


def run(helper: ExperimentHelper, cfg: Warmed) -> None:
    warm = Warm.C(cache="memory")
    warm.submit()  # E: xpm-phase
    Query.C(text=cfg.text).submit()
