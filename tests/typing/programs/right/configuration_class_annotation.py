"""`X.C` where a class is expected."""

from experimaestro import Config, Param, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Batcher(Config):
    size: Param[int] = field(default=16)


class PowerBatcher(Batcher): ...


class Learn(Task):
    batcher: Param[Batcher] = field(default_factory=Batcher.C)

    def execute(self) -> None:
        print(self.batcher.size)


KINDS: dict[str, type[Batcher]] = {"plain": Batcher, "power": PowerBatcher}


def build(kind: type[Batcher], size: int) -> Batcher:
    return kind.C(size=size)


@configuration
class Batches(ConfigurationBase):
    kind: str = "power"


def run(helper: ExperimentHelper, cfg: Batches) -> None:
    batcher = build(KINDS[cfg.kind], 8)
    if isinstance(batcher, PowerBatcher):
        print("power")
    make = PowerBatcher.C
    for one in (batcher, make(size=3)):
        Learn.C(batcher=one).submit()
    Learn.C().submit()
