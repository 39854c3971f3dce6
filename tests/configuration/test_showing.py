from __future__ import annotations

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from experimaestro._types import ShowFormat
from experimaestro.configuration.interpolation import interpolated
from experimaestro.configuration.overrides import override
from experimaestro.configuration.reader import read
from experimaestro.configuration.showing import shown
from experimaestro.configuration.tree import ConfigurationTree, Key, MappingNode, Plain


def tree_of(text: str) -> ConfigurationTree:
    root = read(text, "a.yaml")
    assert isinstance(root, MappingNode)
    return ConfigurationTree(Path("a.yaml"), override(interpolated(root), ["c.1=0.5"]))


TREE = tree_of("b: [1e-4, {x: .inf}]\na: {$type: m:C, empty: []}\nc: [1, 2]\nd:\n")


def test_json_has_the_order_of_the_file() -> None:
    expected = {"b": [1e-4, {"x": ".inf"}], "a": {"$type": "m:C", "empty": []}, "c": [1, 0.5], "d": None}
    found = json.loads(shown(TREE, ShowFormat.JSON))
    assert found == expected
    assert list(found) == ["b", "a", "c", "d"]


def test_yaml_is_short() -> None:
    assert shown(TREE, ShowFormat.YAML) == (
        'b:\n  - 0.0001\n  -\n    x: .inf\na:\n  $type: "m:C"\n  empty: []\nc:\n  - 1\n  - 0.5\nd: null'
    )


def test_the_origin_of_each_value_is_told() -> None:
    assert shown(TREE, ShowFormat.ORIGIN).splitlines() == [
        "a.yaml:1:5: b.0: 1e-4",
        "a.yaml:1:15: b.1.x: .inf",
        'a.yaml:2:12: a.$type: "m:C"',
        "a.yaml:2:24: a.empty: []",
        "a.yaml:3:5: c.0: 1",
        "-c c.1=0.5: c.1: 0.5",
        "a.yaml:4:3: d: null",
    ]


TEXT = st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]), max_size=20) | st.sampled_from(
    [
        "yes",
        "010",
        "1e-4",
        "${x}",
        "$${x}",
        "- a",
        "a: b",
        "null",
        "~",
        "<<",
        "a ",
        "#a",
        "",
        "0x1f",
        "a\nb",
        "\x85",
        "\ufeff",
    ]
)
VALUES: st.SearchStrategy[Plain] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT | st.integers(), inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(TEXT, VALUES, min_size=1))
def test_yaml_is_read_as_what_is_shown(value: dict[Key, Plain]) -> None:
    tree = _tree_with(value)
    again = read(shown(tree, ShowFormat.YAML), "b.yaml")
    assert isinstance(again, MappingNode)
    assert ConfigurationTree(Path("b.yaml"), interpolated(again)).plain() == tree.plain()


def _tree_with(value: dict[Key, Plain]) -> ConfigurationTree:
    class Given(ConfigurationTree):
        def plain(self) -> dict[str, Plain]:
            return {str(key): item for key, item in value.items()}

    return Given(TREE.path, TREE.root)


def test_a_number_that_is_none_is_shown() -> None:
    assert json.loads(shown(tree_of("c: [.nan, 1]"), ShowFormat.JSON)) == {"c": [".nan", 0.5]}
