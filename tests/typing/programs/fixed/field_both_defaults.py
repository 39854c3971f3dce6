"""Two defaults for one parameter."""

from experimaestro import Config, Param, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Beam(Config):
    sizes: Param[list[int]] = field(default_factory=lambda: [4, 8])
    length: Param[int] = field(default=100)


class Decode(Task):
    beam: Param[Beam]

    def execute(self) -> None:
        print(self.beam.sizes)


@configuration
class Beams(ConfigurationBase):
    length: int = 50


def run(helper: ExperimentHelper, cfg: Beams) -> None:
    Decode.C(beam=Beam.C(length=cfg.length)).submit()
