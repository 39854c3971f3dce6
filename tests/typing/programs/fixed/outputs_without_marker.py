"""`task_outputs` takes the marker."""

from pathlib import Path

from experimaestro import Config, DependentMarker, Meta, Param, PathGenerator, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Embeddings(Config):
    path: Meta[Path]


class Embed(Task):
    model: Param[str]
    path: Meta[Path] = field(default_factory=PathGenerator("embeddings.npy"))

    def task_outputs(self, dep: DependentMarker) -> Embeddings:
        return dep(Embeddings.C(path=self.path))

    def execute(self) -> None: ...


class Cluster(Task):
    embeddings: Param[Embeddings]
    clusters: Param[int]

    def execute(self) -> None: ...


@configuration
class Clusters(ConfigurationBase):
    model: str = "bge"


def run(helper: ExperimentHelper, cfg: Clusters) -> None:
    embeddings = Embed.C(model=cfg.model).submit()
    print(embeddings)
