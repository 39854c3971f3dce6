"""Used as what it is not."""

from pathlib import Path

from experimaestro import Meta, Param, PathGenerator, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Record(Task):
    seconds: Param[int]
    audio: Meta[Path] = field(default_factory=PathGenerator("audio.wav"))

    def execute(self) -> None:
        if self.audio.suffix == ".wav":
            self.audio.write_bytes(bytes(self.seconds))


@configuration
class Recording(ConfigurationBase):
    seconds: int = 10


def run(helper: ExperimentHelper, cfg: Recording) -> None:
    Record.C(seconds=cfg.seconds).submit()
