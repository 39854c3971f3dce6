"""The YAML file names a file of Python that does not exist."""

from experimaestro import Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Translate(Task):
    source: Param[str]
    target: Param[str]

    def execute(self) -> None:
        print(self.source, self.target)


@configuration
class Translation(ConfigurationBase):
    source: str = "en"
    targets: list[str] = ["fr", "de"]


def run(helper: ExperimentHelper, cfg: Translation) -> None:  # E: xpm-yaml-path
    for target in cfg.targets:
        Translate.C(source=cfg.source, target=target).submit()
