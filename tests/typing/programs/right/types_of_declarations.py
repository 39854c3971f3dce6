"""Every way to declare a parameter fits its type."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated, assert_type

from experimaestro import (
    Choices,
    Config,
    Constant,
    DataPath,
    Meta,
    Option,
    OptionalDataPath,
    Param,
    PathGenerator,
    field,
    param_group,
    partial,
    pathgenerator,
)

OPTIMISATION = param_group("optimisation")


class Activation(Enum):
    RELU = "relu"
    TANH = "tanh"


def seeds() -> list[int]:
    return [1, 2]


class Layer(Config):
    size: Param[int]


class Model(Config):
    layers: Param[list[Layer]]
    first: Param[Layer | None] = field(default=None)
    activation: Param[Activation] = field(default=Activation.RELU)
    dropout: Param[float] = field(default=0.0, ignore_default=True, groups=[OPTIMISATION])
    scale: Param[float] = field(default=1)
    seeds: Param[list[int]] = field(default_factory=seeds)
    names: Param[dict[str, int]] = field(default_factory=dict[str, int])
    sizes: Param[tuple[int, int]] = field(default=(1, 2))
    kind: Annotated[str, Choices(["cnn", "rnn"])] = field(default="cnn")
    version: Constant[int] = 2
    log: Meta[Path | None] = field(default=None)
    workers: Option[int] = field(default=2)
    weights: DataPath
    vocabulary: OptionalDataPath = field(default=None)
    checkpoint: Meta[Path] = field(default_factory=PathGenerator("model.pt"))
    former: Annotated[Path, pathgenerator("former.pt")] = field(default_factory=PathGenerator("former.pt"))

    checkpoints = partial(exclude_groups=[OPTIMISATION])


class DeepModel(Model):
    depth: Param[int]
    dropout: Param[float] = field(default=0.5, overrides=True)


model = Model.C(layers=[Layer.C(size=3)], weights=Path("weights"))
assert_type(model, Model)
assert_type(model.layers, list[Layer])
assert_type(model.first, Layer | None)
assert_type(model.activation, Activation)
assert_type(model.dropout, float)
assert_type(model.log, Path | None)
assert_type(model.checkpoint, Path)
assert_type(model.version, int)

deep = DeepModel.C(layers=[], weights=Path("weights"), depth=3, dropout=0.1, activation=Activation.TANH)
assert_type(deep, DeepModel)
assert_type(deep.depth, int)
model.dropout = 0.2
