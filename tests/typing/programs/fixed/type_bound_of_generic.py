"""The bound of a type parameter."""

from typing import Generic, TypeVar

from experimaestro import Config, Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Encoder(Config):
    size: Param[int]


class Image(Config):
    width: Param[int]


E = TypeVar("E", bound=Encoder)


class Dual(Config, Generic[E]):
    encoder: Param[E]


class Train(Task):
    model: Param[Dual[Encoder]]

    def execute(self) -> None:
        print(self.model.encoder.size)


@configuration
class Retrieval(ConfigurationBase):
    size: int = 256


def run(helper: ExperimentHelper, cfg: Retrieval) -> None:
    Train.C(model=Dual.C(encoder=Encoder.C(size=cfg.size))).submit()
