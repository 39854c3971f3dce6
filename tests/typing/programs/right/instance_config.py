"""Two equal modules that are not the same one."""

from experimaestro import InstanceConfig, Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Encoder(InstanceConfig):
    size: Param[int]


class TrainDual(Task):
    query: Param[Encoder]
    document: Param[Encoder]

    def execute(self) -> None:
        print(self.query is self.document)


@configuration
class Dual(ConfigurationBase):
    size: int = 64


def run(helper: ExperimentHelper, cfg: Dual) -> None:
    shared = Encoder.C(size=cfg.size)
    TrainDual.C(query=shared, document=shared).submit()
    TrainDual.C(query=Encoder.C(size=cfg.size), document=Encoder.C(size=cfg.size)).submit()
