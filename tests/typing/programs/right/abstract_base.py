"""Tasks take any subclass of an abstract configuration."""

from abc import ABC, abstractmethod
from collections.abc import Iterator

from experimaestro import Config, Param, Task, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Source(Config, ABC):
    limit: Param[int | None] = field(default=None)

    @abstractmethod
    def lines(self) -> Iterator[str]: ...


class Repeated(Source):
    text: Param[str]
    times: Param[int]

    def lines(self) -> Iterator[str]:
        yield from [self.text] * self.times


class Empty(Source):
    def lines(self) -> Iterator[str]:
        yield from ()


class Count(Task):
    source: Param[Source]

    def execute(self) -> None:
        print(sum(1 for _ in self.source.lines()))


@configuration
class Counting(ConfigurationBase):
    times: int = 3


def run(helper: ExperimentHelper, cfg: Counting) -> None:
    sources: list[Source] = [Empty.C(), Repeated.C(text="a", times=cfg.times, limit=2)]
    for source in sources:
        Count.C(source=source).submit()
