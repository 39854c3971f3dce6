from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experimaestro.configuration.errors import ConfigurationError
from experimaestro.configuration.overrides import override
from experimaestro.configuration.reader import read
from experimaestro.configuration.tree import ConfigurationTree, MappingNode, Plain, Position, plain

TEXT = """\
lr: 0.1
model:
  layers: [{size: 1}, {size: 2}]
  shared: &shared {x: 1}
other: *shared
names: {"2024": a}
empty:
"""


def base() -> MappingNode:
    root = read(TEXT, "a.yaml")
    assert isinstance(root, MappingNode)
    return root


def changed(*options: str) -> dict[str, Plain]:
    return ConfigurationTree(Path("a.yaml"), override(base(), options)).plain()


@pytest.mark.parametrize(
    ("option", "key", "value"),
    [
        ("lr=1e-4", "lr", 1e-4),
        ("lr=fast", "lr", "fast"),
        ("lr=", "lr", None),
        ("lr= 3 ", "lr", 3),
        ("lr=[1, a, {b: 2}]", "lr", [1, "a", {"b": 2}]),
        ("lr={a: 1}", "lr", {"a": 1}),
        ('lr="3"', "lr", "3"),
        ("lr=a: b # c", "lr", "a: b # c"),
        ("lr=a=b", "lr", "a=b"),
        ("new.sub.key=1", "new", {"sub": {"key": 1}}),
        ("empty.key=1", "empty", {"key": 1}),
        ("names.2024=b", "names", {"2024": "b"}),
        ("names.2025=b", "names", {"2024": "a", 2025: "b"}),
        ("3=4", "3", 4),
        ('names."2025"=b', "names", {"2024": "a", "2025": "b"}),
        ('names."a.b"=c', "names", {"2024": "a", "a.b": "c"}),
    ],
)
def test_an_option_sets_a_value(option: str, key: str, value: Plain) -> None:
    assert changed(option)[key] == value


def test_an_index_reaches_into_a_list() -> None:
    assert changed("model.layers.1.size=5")["model"] == {"layers": [{"size": 1}, {"size": 5}], "shared": {"x": 1}}


def test_what_shares_an_anchor_is_not_changed() -> None:
    values = changed("other.x=2")
    assert values["other"] == {"x": 2}
    assert values["model"] == plain(base().entries["model"].value)


def test_the_last_option_wins() -> None:
    assert changed("lr=1", "lr={a: 1}", "lr.a=2", "lr.b=3")["lr"] == {"a": 2, "b": 3}


def test_options_are_positions() -> None:
    tree = ConfigurationTree(Path("a.yaml"), override(base(), ["model.layers.0.size=3"]))
    assert tree.position(("model", "layers", 0, "size")) == Position("-c model.layers.0.size=3")
    assert tree.position(("model",)) == Position("a.yaml", 3, 3)


def test_all_wrong_options_are_told() -> None:
    with pytest.raises(ConfigurationError) as caught:
        changed("lr", "lr.x=1", "empty=1")
    assert [str(problem.position) for problem in caught.value.problems] == ["-c lr", "-c lr.x=1"]


@given(st.text(max_size=20) | st.text(alphabet="lrmodeyshan.0=[]{}\":', 1", max_size=20))
def test_any_option_is_applied_or_refused(option: str) -> None:
    with contextlib.suppress(ConfigurationError):
        changed(option)
