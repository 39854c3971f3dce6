"""The types that parameters can have."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated, Literal, Optional, Union

from experimaestro import Array, Choices, Config, Constant, Meta, Option, Param, Task, field, help
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


class Device(Enum):
    CPU = "cpu"
    GPU = "gpu"


class Layer(Config):
    """A layer.

    Attributes:
        size: how many units.
    """

    size: Param[int]
    bias: Param[bool] = field(default=True)


class Everything(Config):
    text: Param[str]
    ratio: Param[float] = field(default=1)
    maybe: Param[Optional[int]] = field(default=None)
    either: Param[Union[int, str]]
    one_of: Param[int | Layer]
    layers: Param[list[Layer]] = field(default_factory=list[Layer])
    table: Param[dict[str, list[float]]]
    pair: Param[tuple[int, str]] = field(default=(1, "a"))
    many: Param[tuple[float, ...]] = field(default=())
    device: Param[Device] = field(default=Device.CPU)
    mode: Param[Literal["fast", "exact"]] = field(default="fast")
    kind: Annotated[str, Choices(["cnn", "rnn"])] = field(default="cnn")
    documented: Annotated[int, help("how often")] = field(default=1)
    where: Meta[Optional[Path]] = field(default=None)
    workers: Option[int] = field(default=2)
    version: Constant[str] = "v1"


class Use(Task):
    everything: Param[Everything]

    def execute(self) -> None:
        print(self.everything.table, self.everything.device.value)


@configuration
class Kinds(ConfigurationBase):
    text: str = "abc"


def run(helper: ExperimentHelper, cfg: Kinds) -> None:
    everything = Everything.C(
        text=cfg.text,
        either="a",
        one_of=Layer.C(size=3),
        layers=[Layer.C(size=1, bias=False)],
        table={"a": [1.0, 2]},
        pair=(2, "b"),
        many=(1.0, 2.0),
        device=Device.GPU,
        mode="exact",
        kind="rnn",
        where=Path("here"),
    )
    everything.maybe = 3
    print(Array, everything.version)
    Use.C(everything=everything).submit()
