"""A parameter that does not count has a type, too."""

from pathlib import Path

from experimaestro import Meta, Param, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Crawl(Task):
    site: Param[str]
    workers: Meta[int] = field(default=2)
    cookies: Meta[Path | None] = field(default=None)

    def execute(self) -> None:
        print(self.site, self.workers, self.cookies)


@configuration
class Crawling(ConfigurationBase):
    sites: list[str] = ["example.org"]
    workers: str = "4"


def run(helper: ExperimentHelper, cfg: Crawling) -> None:
    for site in cfg.sites:
        Crawl.C(site=site, workers=cfg.workers).submit()  # E: xpm-param-type
