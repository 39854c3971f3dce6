"""Modules that stand for others."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest

from experimaestro import Config, Param
from experimaestro.experiments.mockmodule import mock_modules
from experimaestro.mkdocs.metaloader import DependencyInjectorFinder, Module


@pytest.fixture(autouse=True)
def imports(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Forgets the fakes."""
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    known = set(sys.modules)
    yield
    for name in set(sys.modules) - known:
        del sys.modules[name]


@pytest.fixture
def heavy() -> Any:  # Any: a fake
    mock_modules(["heavy"])
    return import_module("heavy.nn")


def test_modules_below_a_fake_are_fakes(heavy: Any) -> None:
    assert isinstance(heavy, Module)
    assert isinstance(import_module("heavy.nn.functional"), Module)


def test_other_modules_are_not(heavy: Any) -> None:
    with pytest.raises(ModuleNotFoundError):
        import_module("heavyweight")


def test_a_fake_is_a_base_class(heavy: Any) -> None:
    class Layer(heavy.Module, heavy.Mixin):
        size = 3

    assert Layer().size == 3
    assert Layer.apply(1) is None


def test_a_fake_is_a_decorator(heavy: Any) -> None:
    @heavy.no_grad()
    @heavy.compile
    def double(x: int) -> int:
        return 2 * x

    assert double(2) == 4


def test_a_fake_is_an_annotation(heavy: Any) -> None:
    def forward(x: heavy.Tensor[int], y: heavy.Tensor | None = None, z: heavy.Tensor | None = None) -> None:
        """Takes fakes."""

    assert repr(heavy.Tensor) == "heavy.nn.Tensor"
    assert heavy.Tensor is heavy.Tensor


def test_a_configuration_may_derive_from_a_fake(heavy: Any) -> None:
    class Model(Config, heavy.Module):
        size: Param[int]

    assert Model.C(size=3).instance().size == 3


def test_private_names_are_not_found(heavy: Any) -> None:
    with pytest.raises(AttributeError, match="'_private'"):
        heavy._private  # noqa: B018 (reading is the point)
    assert not hasattr(heavy.Tensor, "__wrapped__")


def test_nothing_is_an_instance_of_a_fake(heavy: Any) -> None:
    assert not isinstance(3, heavy.Tensor)


def test_modules_can_be_chosen_by_a_pattern() -> None:
    DependencyInjectorFinder.install(re.compile(r"^(heavy|weighty)($|\.)"))

    assert isinstance(import_module("weighty.parts"), Module)


def test_decorators_need_not_be_listed(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "xpm"):
        mock_modules(["heavy"], decorators=["heavy.compile"])

    assert "decorators= has no effect" in caplog.text
