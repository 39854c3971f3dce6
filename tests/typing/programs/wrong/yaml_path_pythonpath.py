"""A directory of modules that does not exist."""

from experimaestro import Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Render(Task):
    frames: Param[int]

    def execute(self) -> None:
        print(self.frames)


@configuration
class Rendering(ConfigurationBase):
    frames: int = 24


def run(helper: ExperimentHelper, cfg: Rendering) -> None:  # E: xpm-yaml-path
    Render.C(frames=cfg.frames).submit()
