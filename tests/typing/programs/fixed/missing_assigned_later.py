"""Parameters are set one by one; one was forgotten."""

from experimaestro import Config, Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Index(Config):
    name: Param[str]
    shards: Param[int]


class Search(Task):
    index: Param[Index]
    queries: Param[str]
    hits: Param[int]

    def execute(self) -> None:
        print(self.index.name, self.queries, self.hits)


@configuration
class Searching(ConfigurationBase):
    collection: str = "trec"
    hits: int = 100


def run(helper: ExperimentHelper, cfg: Searching) -> None:
    index = Index.C()
    index.name = cfg.collection
    index.shards = 4

    search = Search.C()
    search.index = index
    search.queries = "topics.tsv"
    search.hits = cfg.hits
    search.submit()
