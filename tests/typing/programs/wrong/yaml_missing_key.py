"""A value is required, and the YAML file has none."""

from experimaestro import Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Crawl(Task):
    site: Param[str]
    depth: Param[int]

    def execute(self) -> None:
        print(self.site, self.depth)


@configuration
class Crawling(ConfigurationBase):
    site: str
    depth: int


def run(helper: ExperimentHelper, cfg: Crawling) -> None:  # E: xpm-yaml
    Crawl.C(site=cfg.site, depth=cfg.depth).submit()
