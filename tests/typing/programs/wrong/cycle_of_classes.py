"""Two classes need each other."""

from experimaestro import Config, Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Encoder(Config):
    decoder: Param["Decoder"]  # E: xpm-cycle
    size: Param[int]


class Decoder(Config):
    encoder: Param[Encoder]  # E: xpm-cycle
    depth: Param[int]


class Train(Task):
    encoder: Param[Encoder]

    def execute(self) -> None:
        print(self.encoder.size)


@configuration
class Translation(ConfigurationBase):
    size: int = 3


def train(encoder: Encoder) -> None:
    Train.C(encoder=encoder).submit()


def run(helper: ExperimentHelper, cfg: Translation) -> None:
    print(cfg.size)
