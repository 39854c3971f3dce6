"""Identifiers of classes, and versions."""

from experimaestro import Config, Constant, Identifier, Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration

lab = Identifier("lab.constants")


class Features(Config):
    __xpmid__ = "lab.constants.features"

    version: Constant[int] = 3
    size: Param[int]


class Extract(Task):
    __xpmid__ = lab.extract

    features: Param[Features]

    def execute(self) -> None:
        print(self.features.version + 1, self.features.size)


@configuration
class Extraction(ConfigurationBase):
    size: int = 3


def run(helper: ExperimentHelper, cfg: Extraction) -> None:
    features = Features.C(size=cfg.size)
    print(features.version, features.__identifier__().all.hex())
    Extract.C(features=features).submit()
