"""A sealed configuration is read, compared, tagged by others, copied; not changed."""

from experimaestro import Config, Param, Task, copyconfig, tag
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
    hits: list[int] = [10, 100]


def run(helper: ExperimentHelper, cfg: Searches) -> None:
    query = Query.C(text="what?", hits=1).seal()
    for hits in cfg.hits:
        other = copyconfig(query, hits=tag(hits))
        other.text = "why?"
        search = Search.C(query=other)
        search.submit()
        print(search.query.hits, other == query, search.jobpath)
    query = Query.C(text="who?", hits=2)
    query.hits = 3
    Search.C(query=query).submit()
