"""A task that nobody submits can't be waited for."""

from pathlib import Path

from experimaestro import Meta, Param, PathGenerator, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Download(Task):
    url: Param[str]
    archive: Meta[Path] = field(default_factory=PathGenerator("archive.zip"))

    def execute(self) -> None:
        self.archive.write_bytes(b"")


class Unpack(Task):
    download: Param[Download]

    def execute(self) -> None:
        print(self.download.archive)


@configuration
class Fetch(ConfigurationBase):
    url: str = "https://example.org/archive.zip"


def run(helper: ExperimentHelper, cfg: Fetch) -> None:
    download = Download.C(url=cfg.url).submit()
    Unpack.C(download=download).submit()
