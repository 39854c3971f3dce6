"""A configuration inside itself."""

from experimaestro import Config, Param, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Stage(Config):
    name: Param[str]
    previous: Param["Stage | None"] = field(default=None)


class Pipeline(Task):
    last: Param[Stage]

    def execute(self) -> None:
        print(self.last.name)


@configuration
class Stages(ConfigurationBase):
    name: str = "parse"


def run(helper: ExperimentHelper, cfg: Stages) -> None:
    read = Stage.C(name="read")
    stage = Stage.C(name=cfg.name)
    stage.previous = read
    Pipeline.C(last=stage).submit()
    print(read)
