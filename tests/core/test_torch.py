"""Configurations that are modules of torch, when it is installed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from experimaestro import Config, Param, field, load, save

if TYPE_CHECKING:
    from torch import nn
else:
    nn = pytest.importorskip("torch.nn")


class Dense(Config, nn.Module):
    """A layer, whose weights exist once its parameters are set."""

    __xpmid__ = "tests.torch.Dense"

    inputs: Param[int]
    outputs: Param[int]

    def __post_init__(self) -> None:
        self.linear = nn.Linear(self.inputs, self.outputs)

    def forward(self, values: Any) -> Any:  # Any: tensors
        return self.linear(values)


class CNN(Config, nn.Module):
    """Layers in a module."""

    __xpmid__ = "tests.torch.CNN"

    first: Param[Dense]
    last: Param[Dense]
    dropout: Param[float] = field(default=0.5, ignore_default=True)

    def forward(self, values: Any) -> Any:  # Any: tensors
        return self.last(self.first(values))


def network() -> CNN:
    return CNN.C(first=Dense.C(inputs=4, outputs=3), last=Dense.C(inputs=3, outputs=2))


def test_an_instance_is_a_module_that_knows_the_parameters_of_its_layers() -> None:
    module = network().instance()

    assert sum(weights.numel() for weights in module.parameters()) == 4 * 3 + 3 + 3 * 2 + 2
    assert module.first.inputs == 4


def test_a_configuration_is_no_module_yet() -> None:
    config = network()

    assert config.dropout == 0.5
    assert "_parameters" not in vars(config)


def test_a_module_is_saved_and_loaded(tmp_path: Path) -> None:
    save(network(), tmp_path)

    assert load(tmp_path).__identifier__() == network().__identifier__()
    assert len(list(load(tmp_path, as_instance=True).parameters())) == 4
