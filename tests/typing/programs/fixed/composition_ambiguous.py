"""Both encoders of a dual model could be meant."""

from experimaestro import Config, Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Encoder(Config):
    size: Param[int]


class Dual(Config):
    query: Param[Encoder]
    document: Param[Encoder]


class Train(Task):
    model: Param[Dual]

    def execute(self) -> None:
        print(self.model.query.size)


@configuration
class DualEncoders(ConfigurationBase):
    size: int = 128


def run(helper: ExperimentHelper, cfg: DualEncoders) -> None:
    encoder = Encoder.C(size=cfg.size)
    model = Dual.C(query=encoder, document=Encoder.C(size=64))
    Train.C(model=model).submit()
