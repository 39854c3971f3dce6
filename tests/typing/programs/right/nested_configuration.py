"""A YAML file with parts, enumerations, paths and a configuration."""

from enum import Enum
from functools import cached_property
from pathlib import Path

from experimaestro import Config, DirtyGitAction, Param, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Backend(Enum):
    FAISS = "faiss"
    HNSW = "hnsw"


class Optimizer(Config):
    lr: Param[float]
    beta: Param[float] = field(default=0.9)


@configuration
class Data:
    folder: Path = Path("data")
    limit: int | None = None


@configuration()
class Nested(ConfigurationBase):
    data: Data = Data()
    backend: Backend = Backend.FAISS
    optimizer: Optimizer
    rates: dict[str, float] = {}

    @cached_property
    def largest(self) -> float:
        return max(self.rates.values(), default=0.0)


class Learn(Task):
    optimizer: Param[Optimizer]
    rate: Param[float]

    def execute(self) -> None:
        print(self.optimizer.lr)


def run(helper: ExperimentHelper, cfg: Nested) -> None:
    print(cfg.data.folder.name, cfg.backend.value, cfg.dirty_git is DirtyGitAction.WARN)
    Learn.C(optimizer=cfg.optimizer, rate=cfg.largest).submit()
