"""Names that only type checkers need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experimaestro import Config, Param, Task
from experimaestro.experiments import configuration
from experimaestro.experiments import ConfigurationBase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from experimaestro import DependentMarker
    from experimaestro.experiments import ExperimentHelper


class Part(Config):
    index: Param[int]


class Split(Task):
    parts: Param[int]

    def task_outputs(self, dep: DependentMarker) -> list[Part]:
        return [dep(Part.C(index=index)) for index in range(self.parts)]

    def execute(self) -> None: ...


class Read(Task):
    part: Param[Part]

    def execute(self) -> None: ...


@configuration
class Splitting(ConfigurationBase):
    parts: int = 3


def read(parts: Sequence[Part]) -> list[Read]:
    return [Read.C(part=part).submit() for part in parts]


def run(helper: ExperimentHelper, cfg: Splitting) -> None:
    read(Split.C(parts=cfg.parts).submit())
