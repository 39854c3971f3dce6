"""A constant of a configuration is changed."""

from experimaestro import Config, Constant, Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Features(Config):
    revision: Constant[str] = "v1"
    size: Param[int]


class Extract(Task):
    features: Param[Features]

    def execute(self) -> None:
        print(self.features.revision, self.features.size)


@configuration
class Extraction(ConfigurationBase):
    size: int = 128


def run(helper: ExperimentHelper, cfg: Extraction) -> None:
    features = Features.C(size=cfg.size)
    features.size = 2 * cfg.size
    Extract.C(features=features).submit()
