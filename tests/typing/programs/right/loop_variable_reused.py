"""A name is bound again in each turn of a loop."""

from experimaestro import Param, Task, field, tag
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Stage(Task):
    name: Param[str]
    previous: Param["Stage | None"] = field(default=None)
    depth: Param[int] = field(default=0)

    def execute(self) -> None:
        print(self.name)


@configuration
class Pipeline(ConfigurationBase):
    stages: list[str] = ["read", "parse", "write"]


def run(helper: ExperimentHelper, cfg: Pipeline) -> None:
    previous: Stage | None = None
    for depth, name in enumerate(cfg.stages):
        stage = Stage.C(name=tag(name), previous=previous)
        stage.depth = depth
        previous = stage.submit()
    task = Stage.C(name="first")
    task.depth = 10
    task.submit()
    task = Stage.C(name="second", previous=previous)
    task.depth = 11
    task.submit()
