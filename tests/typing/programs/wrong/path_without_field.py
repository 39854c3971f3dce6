"""A generator as the default itself."""

from pathlib import Path

from experimaestro import Meta, Param, PathGenerator, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Segment(Task):
    image: Param[str]
    mask: Meta[Path] = PathGenerator("mask.png")  # E: xpm-path
    threshold: Param[float] = field(default=0.5)

    def execute(self) -> None:
        print(self.image, self.mask)


@configuration
class Segments(ConfigurationBase):
    image: str = "cat.jpg"


def run(helper: ExperimentHelper, cfg: Segments) -> None:
    Segment.C(image=cfg.image).submit()
