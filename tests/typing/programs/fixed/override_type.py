"""A parameter of the base becomes another type."""

from experimaestro import Config, Param, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Source(Config):
    limit: Param[int]


class WebSource(Source):
    limit: Param[int] = field(overrides=True)
    url: Param[str]


class Fetch(Task):
    source: Param[Source]

    def execute(self) -> None:
        print(self.source.limit)


@configuration
class Sources(ConfigurationBase):
    url: str = "https://example.org"


def fetch(source: Source) -> None:
    Fetch.C(source=source).submit()


def run(helper: ExperimentHelper, cfg: Sources) -> None:
    fetch(Source.C(limit=10))
