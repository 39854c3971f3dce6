"""Generated paths, and paths to data."""

from pathlib import Path
from typing import Annotated

from experimaestro import (
    STDERR,
    STDOUT,
    Config,
    DataPath,
    DirectoryContext,
    Meta,
    OptionalDataPath,
    Param,
    PathGenerator,
    Task,
    field,
    pathgenerator,
)
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Weights(Config):
    path: DataPath
    vocabulary: OptionalDataPath = field(default=None)


class Convert(Task):
    weights: Param[Weights]
    converted: Annotated[Path, pathgenerator("converted.bin")]
    report: Meta[Path] = field(default_factory=PathGenerator("report.txt"))
    folder: Meta[Path] = field(default_factory=PathGenerator())
    out: Meta[Path] = field(default_factory=PathGenerator(STDOUT))
    err: Meta[Path] = field(default_factory=PathGenerator(STDERR))

    def execute(self) -> None:
        self.converted.write_bytes(self.weights.path.read_bytes())
        (self.folder / "done.txt").write_text(self.report.name)


@configuration
class Paths(ConfigurationBase):
    weights: Path = Path("weights.bin")


def run(helper: ExperimentHelper, cfg: Paths) -> None:
    convert = Convert.C(weights=Weights.C(path=cfg.weights))
    convert.submit()
    print(convert.converted.suffix)
    other = Convert.C(weights=Weights.C(path=cfg.weights, vocabulary=Path("words.txt")))
    print(other.instance(DirectoryContext(Path("out"))).report.parent)
