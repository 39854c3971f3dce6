"""A value of the YAML file is no member."""

from enum import Enum

from experimaestro import Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Backend(Enum):
    FAISS = "faiss"
    HNSW = "hnsw"


class Index(Task):
    backend: Param[Backend]

    def execute(self) -> None:
        print(self.backend.value)


@configuration
class Backends(ConfigurationBase):
    backend: Backend = Backend.FAISS


def run(helper: ExperimentHelper, cfg: Backends) -> None:  # E: xpm-yaml
    Index.C(backend=cfg.backend).submit()
