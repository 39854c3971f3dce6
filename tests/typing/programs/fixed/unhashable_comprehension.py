"""A set of what a comprehension builds."""

from experimaestro import Config, Param, Task, sealed_set
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Language(Config):
    code: Param[str]


class Translate(Task):
    languages: Param[set[Language]]

    def execute(self) -> None:
        print(len(self.languages))


@configuration
class Translation(ConfigurationBase):
    codes: list[str] = ["en", "fr", "en"]


def run(helper: ExperimentHelper, cfg: Translation) -> None:
    languages = sealed_set(*[Language.C(code=code) for code in cfg.codes])
    Translate.C(languages=languages).submit()
