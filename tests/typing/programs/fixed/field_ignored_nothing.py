"""There is no default to ignore."""

from experimaestro import Config, Param, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Reader(Config):
    path: Param[str]
    strict: Param[bool] = field(default=True, ignore_default=True)


class Read(Task):
    reader: Param[Reader]

    def execute(self) -> None:
        print(self.reader.strict)


@configuration
class Reading(ConfigurationBase):
    path: str = "records.jsonl"


def run(helper: ExperimentHelper, cfg: Reading) -> None:
    Read.C(reader=Reader.C(path=cfg.path, strict=False)).submit()
