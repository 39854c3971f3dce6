"""What prepares a data set takes no argument."""

from pathlib import Path

from experimaestro import Meta, Param, PathGenerator, Prepare, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Mnist(Prepare):
    url: Param[str]

    def prepare(self, directory: Path) -> None:  # E: override
        print(self.url, directory)


class Learn(Task):
    data: Param[Mnist]
    path: Meta[Path] = field(default_factory=PathGenerator("model.pt"))

    def execute(self) -> None:
        print(self.data.url)


@configuration
class Digits(ConfigurationBase):
    url: str = "https://example.org/mnist"


def run(helper: ExperimentHelper, cfg: Digits) -> None:
    Learn.C(data=Mnist.C(url=cfg.url)).submit()
