"""Objects that have the experiment wait for its jobs, in methods and at the end of a `with`."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Optional

from experimaestro import Meta, Param, PathGenerator, RunMode, Task, experiment, field
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Sample(Task):
    size: Param[int]
    out: Meta[Path] = field(default_factory=PathGenerator("sample.txt"))

    def execute(self) -> None:
        self.out.write_text("x" * self.size)


class Stage:
    def __init__(self, xp: experiment) -> None:
        self.xp = xp

    def __enter__(self) -> "Stage":
        return self

    def __exit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        where: Optional[TracebackType],
    ) -> None:
        self.xp.wait()


class Runner:
    def __init__(self, xp: experiment) -> None:
        self.xp = xp
        self.is_real = xp.run_mode == RunMode.NORMAL

    def finish(self) -> None:
        self.xp.wait()

    @contextmanager
    def stage(self) -> Generator[None, None, None]:
        yield
        self.finish()

    def size_of(self, sample: Sample) -> int:
        return len(sample.out.read_text()) if self.is_real else 1


@configuration
class Samples(ConfigurationBase):
    first: int = 3


def run(helper: ExperimentHelper, cfg: Samples) -> None:
    runner = Runner(helper.xp)
    with Stage(helper.xp):
        first = Sample.C(size=cfg.first).submit()
    size = len(first.out.read_text()) if runner.is_real else 1
    second = Sample.C(size=size + 1)
    with runner.stage():
        second.submit()
    size = len(second.out.read_text()) if runner.is_real else 2
    third = Sample.C(size=size + 1).submit()
    runner.finish()
    if runner.is_real:
        print(third.out.stat().st_size, third.out.read_text())
