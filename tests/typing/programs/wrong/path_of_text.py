"""A generated path is a Path."""

from pathlib import Path

from experimaestro import Meta, Param, PathGenerator, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Export(Task):
    table: Param[str]
    output: Meta[str] = field(default_factory=PathGenerator("table.csv"))  # E: xpm-path

    def execute(self) -> None:
        Path(self.output).write_text(self.table)


@configuration
class Exports(ConfigurationBase):
    tables: list[str] = ["users"]


def run(helper: ExperimentHelper, cfg: Exports) -> None:
    for table in cfg.tables:
        Export.C(table=table).submit()
