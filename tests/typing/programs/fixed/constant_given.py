"""A constant is part of the class: plans don't choose it."""

from experimaestro import Constant, Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Preprocess(Task):
    version: Constant[int] = 3
    language: Param[str]

    def execute(self) -> None:
        print(self.version, self.language)


@configuration
class Languages(ConfigurationBase):
    languages: list[str] = ["en", "de"]


def run(helper: ExperimentHelper, cfg: Languages) -> None:
    for language in cfg.languages:
        Preprocess.C(language=language).submit()
