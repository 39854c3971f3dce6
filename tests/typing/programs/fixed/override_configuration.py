"""A parameter of the base becomes another configuration."""

from experimaestro import Config, Param, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Encoder(Config):
    size: Param[int]


class Transformer(Encoder):
    heads: Param[int]


class Decoder(Config):
    size: Param[int]


class Model(Config):
    part: Param[Encoder]


class Seq2Seq(Model):
    part: Param[Encoder] = field(overrides=True)
    beam: Param[int]


class Train(Task):
    model: Param[Model]

    def execute(self) -> None:
        print(self.model.part.size)


@configuration
class Parts(ConfigurationBase):
    size: int = 8


def run(helper: ExperimentHelper, cfg: Parts) -> None:
    Train.C(model=Model.C(part=Encoder.C(size=cfg.size))).submit()
