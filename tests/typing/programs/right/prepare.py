"""A data set that is downloaded once, before the tasks that need it."""

from pathlib import Path

from experimaestro import Meta, Param, Prepare, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Mnist(Prepare):
    url: Param[str]
    path: Meta[Path] = field(default=Path("mnist"))

    def prepare(self) -> None:
        self.path.mkdir(exist_ok=True)

    def is_prepared(self) -> bool:
        return self.path.exists()


class Learn(Task):
    data: Param[Mnist]
    hidden: Param[int]

    def execute(self) -> None:
        print(self.data.path)


@configuration
class Digits(ConfigurationBase):
    hidden: list[int] = [8, 16]


def run(helper: ExperimentHelper, cfg: Digits) -> None:
    data = Mnist.C(url="https://example.org/mnist")
    for hidden in cfg.hidden:
        Learn.C(data=data, hidden=hidden).submit()
