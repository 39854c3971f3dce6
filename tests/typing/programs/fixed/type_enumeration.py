"""The name of a member of an enumeration is not the member."""

from enum import Enum

from experimaestro import Config, Param, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Pooling(Enum):
    MEAN = "mean"
    MAX = "max"


class Encoder(Config):
    pooling: Param[Pooling] = field(default=Pooling.MEAN)
    size: Param[int]


class Encode(Task):
    encoder: Param[Encoder]

    def execute(self) -> None:
        print(self.encoder.pooling.value)


@configuration
class Encoding(ConfigurationBase):
    size: int = 768


def run(helper: ExperimentHelper, cfg: Encoding) -> None:
    encoder = Encoder.C(size=cfg.size, pooling=Pooling.MAX)
    Encode.C(encoder=encoder).submit()
