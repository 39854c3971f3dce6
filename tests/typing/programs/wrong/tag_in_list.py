"""A tag inside a list."""

from experimaestro import Config, Param, Task, tag
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Mlp(Config):
    layers: Param[list[int]]


class Learn(Task):
    model: Param[Mlp]

    def execute(self) -> None:
        print(self.model.layers)


@configuration
class Widths(ConfigurationBase):
    width: int = 16
    depth: int = 2


def run(helper: ExperimentHelper, cfg: Widths) -> None:
    model = Mlp.C(layers=[tag(cfg.width)] * cfg.depth)  # E: xpm-param-type
    Learn.C(model=model).submit()
