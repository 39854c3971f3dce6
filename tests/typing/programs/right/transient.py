"""Tasks whose files are needed by others only."""

from pathlib import Path

from experimaestro import Meta, Param, PathGenerator, RunMode, Task, TransientMode, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Convert(Task):
    source: Param[str]
    table: Meta[Path] = field(default_factory=PathGenerator("table"))

    def execute(self) -> None:
        self.table.write_text(self.source)


class Learn(Task):
    table: Param[Convert]
    result: Meta[Path] = field(default_factory=PathGenerator("result"))

    def execute(self) -> None:
        self.result.write_text(self.table.table.read_text())


@configuration
class Tables(ConfigurationBase):
    sources: list[str] = ["a.csv", "b.csv"]
    keep: bool = False


def run(helper: ExperimentHelper, cfg: Tables) -> None:
    mode = TransientMode.NONE if cfg.keep else TransientMode.REMOVE
    learned: list[Learn] = []
    for source in cfg.sources:
        table = Convert.C(source=source).submit(transient=mode)
        learned.append(Learn.C(table=table).submit())
    other = Convert.C(source="c.csv").submit(transient=TransientMode.TRANSIENT)
    learned.append(Learn.C(table=other).submit())
    helper.xp.wait()
    if helper.xp.run_mode == RunMode.NORMAL:
        print([one.result.read_text() for one in learned])
