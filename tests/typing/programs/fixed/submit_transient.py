"""A mode is not a boolean."""

from experimaestro import Param, Task, TransientMode
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Convert(Task):
    source: Param[str]

    def execute(self) -> None:
        print(self.source)


class Read(Task):
    converted: Param[Convert]

    def execute(self) -> None:
        print(self.converted.source)


MODE = TransientMode.TRANSIENT


@configuration
class Conversion(ConfigurationBase):
    source: str = "a.csv"


def run(helper: ExperimentHelper, cfg: Conversion) -> None:
    converted = Convert.C(source=cfg.source).submit(transient=MODE)
    Read.C(converted=converted).submit()
