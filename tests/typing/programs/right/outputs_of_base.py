"""The output that a base class declares; a mark in a branch; an output that may be None."""

from pathlib import Path

from experimaestro import Config, DependentMarker, Meta, Param, PathGenerator, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Index(Config):
    path: Meta[Path]
    stemmed: Param[bool]


class Build(Task):
    stem: Param[bool] = field(default=False)
    keep: Param[bool] = field(default=True)
    path: Meta[Path] = field(default_factory=PathGenerator("index"))

    def task_outputs(self, dep: DependentMarker) -> Index | None:
        if not self.keep:
            return None
        index = Index.C(path=self.path, stemmed=self.stem)
        dep(index)
        return index

    def execute(self) -> None: ...


class BuildFast(Build):
    threads: Meta[int] = field(default=4)


class Search(Task):
    index: Param[Index]

    def execute(self) -> None: ...


@configuration
class Searching(ConfigurationBase):
    stem: bool = True


def run(helper: ExperimentHelper, cfg: Searching) -> None:
    index = BuildFast.C(stem=cfg.stem).submit()
    if index is not None:
        Search.C(index=index).submit()
