"""Tasks that identifiers confuse."""

from __future__ import annotations

from enum import IntEnum
from pathlib import Path
from typing import Any

from lab import await_file

from experimaestro import Config, DependentMarker, Meta, Param, Prepare, Task, deprecate, field


class Switch(Task):
    __xpmid__ = "twins.switch"
    value: Param[Any]
    log: Meta[int] = field(default=0)
    output: Param[Path] = field(default=Path("out"))
    broken: Meta[bool] = field(default=False)
    gate: Meta[Path | None] = None

    def execute(self) -> None:
        if self.gate is not None:
            await_file(self.gate)
        if self.broken:
            raise ValueError("broken")
        print(f"is {self.value}")


class NumberSwitch(Task):
    """As it was declared formerly."""

    __xpmid__ = "twins.declared"
    value: Param[int]

    def execute(self) -> None: ...


class BooleanSwitch(Task):
    """As it is declared now."""

    __xpmid__ = "twins.Declared"
    value: Param[bool]

    def execute(self) -> None: ...


class Level(IntEnum):
    LOW = 1
    HIGH = 2


class Part(Config):
    """As it was declared formerly."""

    __xpmid__ = "twins.part"
    level: Param[int]


class LevelPart(Config):
    """As it is declared now."""

    __xpmid__ = "twins.part"
    level: Param[Level]


class NumberTable(Task):
    """As it was declared formerly."""

    __xpmid__ = "twins.table"
    names: Param[dict[int, str]]
    kept: Param[set[int]]
    pairs: Param[list[tuple[str, int]]]
    choice: Param[int | str]
    parts: Param[set[Part]]

    def execute(self) -> None: ...


class LevelTable(Task):
    """As it is declared now."""

    __xpmid__ = "twins.table"
    names: Param[dict[Level, str]]
    kept: Param[set[Level]]
    pairs: Param[list[tuple[str, Level]]]
    choice: Param[Level | str]
    parts: Param[set[LevelPart]]

    def execute(self) -> None: ...


class New(Config):
    number: Param[int]


@deprecate(New)
class Old(Config):
    number: Param[int]

    def __convert__(self) -> New:
        return New.C(number=self.number)


class Holder(Config):
    inner: Param[Config]


class Make(Task):
    """Its output is of a deprecated class: the identifier does not tell which task made it."""

    number: Param[int]

    def task_outputs(self, dep: DependentMarker) -> Old:
        return dep(Old.C(number=0))

    def execute(self) -> None: ...


class Use(Task):
    data: Param[Config]

    def execute(self) -> None: ...


class Train(Task):
    """Its output is one of its parameters, which it changes."""

    holder: Param[Holder]

    def task_outputs(self, dep: DependentMarker) -> Config:
        return dep(self.holder.inner)

    def execute(self) -> None: ...


class Listed(Task):
    numbers: Param[list[int] | None] = field(default_factory=lambda: [1])

    def execute(self) -> None: ...


class Fetch(Prepare):
    value: Param[Any]

    def prepare(self) -> None: ...

    def is_prepared(self) -> bool:
        return True


class Analyse(Task):
    number: Param[int]
    data: Param[Fetch]

    def execute(self) -> None: ...
