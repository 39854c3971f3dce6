"""A misspelt name on the left of an assignment."""

from experimaestro import Config, Param, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Data(Config):
    name: Param[str]


class Learn(Task):
    data: Param[Data]
    epochs: Param[int] = field(default=10)
    batch_size: Param[int] = field(default=32)

    def execute(self) -> None:
        print(self.data.name, self.epochs, self.batch_size)


@configuration
class Learning(ConfigurationBase):
    debug: bool = False


def run(helper: ExperimentHelper, cfg: Learning) -> None:
    learn = Learn.C(data=Data.C(name="mnist"))
    if cfg.debug:
        learn.epochs = 1
    learn.submit()
