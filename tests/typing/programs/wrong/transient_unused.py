"""Nobody uses a task that runs for others only."""

from pathlib import Path

from experimaestro import Meta, Param, PathGenerator, Task, TransientMode, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Convert(Task):
    source: Param[str]
    table: Meta[Path] = field(default_factory=PathGenerator("table.parquet"))

    def execute(self) -> None:
        self.table.write_bytes(b"")


class Learn(Task):
    table: Param[Convert]

    def execute(self) -> None:
        print(self.table.table)


@configuration
class Tables(ConfigurationBase):
    source: str = "table.csv"


def run(helper: ExperimentHelper, cfg: Tables) -> None:
    Convert.C(source=cfg.source).submit(transient=TransientMode.TRANSIENT)  # E: xpm-transient
