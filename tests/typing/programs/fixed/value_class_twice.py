"""Two classes for the values of one configuration."""

from experimaestro import Config, Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Index(Config):
    path: Param[str]


class CompressedIndex(Index):
    level: Param[int]


@Index.value_class()
class MemoryIndex(Index):
    def __post_init__(self) -> None:
        self.postings: dict[str, list[int]] = {}


@CompressedIndex.value_class()
class DiskIndex(CompressedIndex, MemoryIndex):
    def read(self) -> bytes:
        return self.path.encode()


class Search(Task):
    index: Param[Index]

    def execute(self) -> None:
        print(self.index.path)


@configuration
class Indexes(ConfigurationBase):
    path: str = "index"


def run(helper: ExperimentHelper, cfg: Indexes) -> None:
    Search.C(index=Index.C(path=cfg.path)).submit()
