"""A sealed configuration can't change."""

from experimaestro import Config, Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Query(Config):
    text: Param[str]
    hits: Param[int]


class Search(Task):
    query: Param[Query]

    def execute(self) -> None:
        print(self.query.text)


@configuration
class Searches(ConfigurationBase):
    hits: int = 10


def run(helper: ExperimentHelper, cfg: Searches) -> None:
    query = Query.C(text="what is a seal?", hits=cfg.hits)
    query.seal()
    print("identifier", query.__identifier__())
    query.hits = 1000  # E: xpm-sealed
    Search.C(query=query).submit()
