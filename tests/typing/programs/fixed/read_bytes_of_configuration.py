"""A generated path of a task that is not even submitted."""

from pathlib import Path

from experimaestro import Meta, Param, PathGenerator, RunMode, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Render(Task):
    scene: Param[str]
    image: Meta[Path] = field(default_factory=PathGenerator("image.png"))

    def execute(self) -> None:
        self.image.write_bytes(b"png")


@configuration
class Scenes(ConfigurationBase):
    scene: str = "cornell"


def run(helper: ExperimentHelper, cfg: Scenes) -> None:
    render = Render.C(scene=cfg.scene)
    if helper.xp.run_mode == RunMode.NORMAL:
        rendered = render.submit()
        helper.xp.wait()
        size = len(rendered.image.read_bytes())
        print(size)
