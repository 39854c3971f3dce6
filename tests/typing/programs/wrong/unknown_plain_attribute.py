"""An attribute that is no parameter, as its annotation does not say so."""

from experimaestro import Config, Param, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Reader(Config):
    path: Param[str]
    buffer: int = 100

    def lines(self) -> int:
        return self.buffer


class Count(Task):
    reader: Param[Reader]

    def execute(self) -> None:
        print(self.reader.lines())


@configuration
class Counting(ConfigurationBase):
    buffer: int = 1000


def run(helper: ExperimentHelper, cfg: Counting) -> None:
    reader = Reader.C(path="corpus.txt", buffer=cfg.buffer)  # E: xpm-unknown-param
    Count.C(reader=reader).submit()
