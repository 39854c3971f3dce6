from __future__ import annotations

from functools import cached_property

import attrs
import pytest

from experimaestro._types import DirtyGitAction
from experimaestro.configuration.base import ConfigurationBase, configuration


@configuration
class Model:
    dim: int = 3
    layers: list[int] = [1]  # noqa: RUF012  # copied for each object
    names: dict[str, list[int]] = {"a": [1]}  # noqa: RUF012  # copied for each object
    tags: set[str] = set()  # noqa: RUF012  # copied for each object


@configuration()
class Learn(ConfigurationBase):
    lr: float
    model: Model = Model(dim=4)
    seeds: tuple[int, ...] = attrs.field(factory=tuple)

    @cached_property
    def double(self) -> float:
        return 2 * self.lr


class Undecorated(Learn):
    steps: int


def test_fields_are_given_by_name_only() -> None:
    with pytest.raises(TypeError, match="positional"):
        Model(3)  # type: ignore[call-arg]  # refused by type checkers too


def test_the_identifier_is_required() -> None:
    with pytest.raises(TypeError, match="'id'"):
        Learn(lr=1.0)  # type: ignore[call-arg]  # refused by type checkers too


def test_the_base_gives_its_defaults() -> None:
    learn = Learn(id="x", lr=1.0)
    assert (learn.file, learn.title, learn.add_timestamp, learn.dirty_git) == (
        "experiment",
        "",
        False,
        DirtyGitAction.WARN,
    )


def test_a_subclass_of_the_base_has_its_fields_with_or_without_the_decorator() -> None:
    assert Undecorated(id="x", lr=1.0, steps=3).steps == 3
    assert configuration(Undecorated) is Undecorated


def test_the_base_can_have_another_name() -> None:
    paper = ConfigurationBase
    assert paper(id="x").id == "x"


def test_defaults_are_not_shared() -> None:
    first, second = Model(), Model()
    first.layers.append(2)
    first.names["a"].append(2)
    first.tags.add("x")
    assert second == Model(layers=[1], names={"a": [1]}, tags=set())


def test_default_configurations_are_not_shared() -> None:
    first, second = Learn(id="x", lr=1.0), Learn(id="y", lr=1.0)
    first.model.dim = 100
    assert second.model.dim == 4


def test_equal_values_make_equal_objects_and_hashes() -> None:
    assert ConfigurationBase(id="x") == ConfigurationBase(id="x") != ConfigurationBase(id="y")
    assert hash(ConfigurationBase(id="x")) == hash(ConfigurationBase(id="x"))


def test_properties_may_be_cached() -> None:
    learn = Learn(id="x", lr=1.5)
    assert learn.double is learn.double
