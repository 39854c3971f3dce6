"""Tasks are built by a function, which does not submit them."""

from experimaestro import Meta, Param, Path, PathGenerator, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Index(Task):
    collection: Param[str]
    stemmer: Param[str]
    path: Meta[Path] = field(default_factory=PathGenerator("index"))

    def execute(self) -> None:
        self.path.mkdir()


class Search(Task):
    index: Param[Index]
    topk: Param[int]

    def execute(self) -> None:
        print(self.index.path, self.topk)


@configuration
class Indexing(ConfigurationBase):
    collections: dict[str, str] = {"trec": "porter", "news": "krovetz"}
    topk: list[int] = [10, 100]


def index(collection: str, stemmer: str) -> Index:
    return Index.C(collection=collection, stemmer=stemmer)


def run(helper: ExperimentHelper, cfg: Indexing) -> None:
    indices = {name: index(name, stemmer) for name, stemmer in cfg.collections.items()}
    for name, built in indices.items():
        for topk in cfg.topk:
            Search.C(index=built, topk=topk).tag("collection", name).submit()  # E: xpm-unsubmitted
