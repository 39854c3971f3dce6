"""A configuration with a field of each type that a YAML file can give."""

# ruff: noqa: RUF012, UP042, UP045

from __future__ import annotations

import dataclasses
from abc import ABC
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, IntEnum, auto
from pathlib import Path
from typing import Annotated, Any, Generic, Literal, NewType, Optional, TypeVar

import attrs

from experimaestro import Choices, Config, Constant, LightweightTask, Meta, Param, Task, field
from experimaestro.experiments import ByteSize, ConfigurationBase, ExperimentHelper, configuration
from experimaestro.experiments.grid import GridSearch

T = TypeVar("T")
Rate = NewType("Rate", float)


class Device(Enum):
    CPU = "cpu"
    GPU = "gpu"


class Level(IntEnum):
    LOW = 1
    HIGH = 2


class Colour(Enum):
    RED = auto()
    BLUE = auto()


class Text(str, Enum):
    SHORT = "s"
    LONG = "l"


class Optimizer(Config):
    lr: Param[float]
    kind: Param[Annotated[str, Choices(["a", "b"])]] = field(default="a")
    version: Constant[int] = 1


class Sgd(Optimizer):
    momentum: Param[float] = field(default=0.9)
    note: Meta[Optional[str]]


class Train(Task):
    optimizer: Param[Optimizer]
    seed: Param[int]

    def execute(self) -> None: ...


class Load(LightweightTask):
    seed: Param[int]

    def execute(self) -> None: ...


K = TypeVar("K", bound=Train)


class Holder(Config, Generic[K]):
    held: Param[K]
    size: Param[int]


class Compare(Task):
    first: Param[Train]
    others: Param[list[Train]]
    named: Param[dict[str, Train]]
    either: Param[Train | Optimizer]
    load: Param[Load]
    any_config: Param[Config]
    metric: Param[str]

    def execute(self) -> None: ...


class Plain:
    """No section: nothing makes it one."""

    share: float = 0.5


class PlainBelow(Plain, ABC):
    pass


@configuration
class Layer:
    size: int
    act: Literal["relu", "gelu", 3] = "relu"


@configuration
class Conv:
    width: int
    stride: int = 1


@dataclass
class Split:
    train: float = 0.8
    names: list[str] = dataclasses.field(default_factory=list)


@attrs.define
class Box(Generic[T]):
    item: T
    _hidden: int = 0
    tried: GridSearch[int] = 1


@configuration
class Everything(ConfigurationBase):
    a_bool: bool = True
    a_int: int = 1
    a_float: float = 1.0
    a_str: str = ""
    a_none: None = None
    a_path: Path = Path()
    a_time: timedelta = timedelta(0)
    a_size: ByteSize = ByteSize(1)
    a_rate: Rate = Rate(1.0)
    a_device: Device = Device.CPU
    a_level: Level = Level.LOW
    a_colour: Colour = Colour.RED
    a_text: Text = Text.SHORT
    a_literal: Literal["x", 2, True] = "x"
    a_member: Literal[Device.CPU] = Device.CPU
    a_list: list[int] = []
    a_sequence: Sequence[float] = ()
    a_set: set[str] = set()
    a_tuple: tuple[int, str] = (1, "")
    a_tuples: tuple[int, ...] = ()
    a_dict: dict[str, list[int]] = {}
    a_ints: dict[int, str] = {}
    a_mapping: Mapping[Device, int] = {}
    a_any: Any = None
    a_object: object = None
    a_union: int | str | None = None
    a_choice: Literal["auto"] | float = "auto"
    a_layer: Layer = Layer(size=1)
    a_layers: list[Layer] = []
    a_optional_layer: Layer | None = None
    a_either: Layer | Conv = Layer(size=1)
    a_split: Split = Split()
    a_box: Box[int] = Box(1)
    a_optimizer: Optimizer | None = None
    a_task: Train | None = None
    a_compare: Compare | None = None
    a_holder: Holder[Train] | None = None
    a_config: Config | None = None
    a_tasks: dict[str, Train] = {}
    a_plain: Plain = Plain()
    a_plain_or: PlainBelow | int | None = None
    a_plains: list[Plain] = []
    grid: GridSearch[int] = 1
    grid_float: GridSearch[float] = 1.0
    grid_device: GridSearch[Device] = Device.CPU
    grid_list: GridSearch[list[int]] = []
    grid_layer: GridSearch[Layer] = Layer(size=1)
    _private: int = 1


def run(helper: ExperimentHelper, cfg: Everything) -> None: ...
