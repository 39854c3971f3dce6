from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from experimaestro.configuration.tree import (
    ConfigurationTree,
    Entry,
    ListNode,
    MappingNode,
    Node,
    Plain,
    Position,
    ScalarNode,
    merged,
    plain,
)

KEYS = st.sampled_from("abc")
MAPPINGS = st.recursive(
    st.integers() | st.lists(st.integers(), max_size=2),
    lambda children: st.dictionaries(KEYS, children, max_size=3),
    max_leaves=8,
).filter(lambda value: isinstance(value, dict))
SHAPED = st.fixed_dictionaries(
    {}, optional={"a": st.integers(), "b": st.dictionaries(KEYS, st.integers()), "c": st.lists(st.integers())}
)
"""Mappings of which each key holds a mapping in all, or in none."""


def node(value: object, source: str) -> Node:
    position = Position(source, 1, 1)
    match value:
        case dict():
            return MappingNode({str(k): Entry(position, node(v, source)) for k, v in value.items()}, position)
        case list():
            return ListNode([node(item, source) for item in value], position)
        case _:
            assert isinstance(value, int)
            return ScalarNode(value, str(value), quoted=False, position=position)


def mapping(value: Mapping[str, object], source: str = "a") -> MappingNode:
    root = node(dict(value), source)
    assert isinstance(root, MappingNode)
    return root


def naive(layers: Sequence[Mapping[str, object]]) -> Plain:
    """The same rule, said one value at a time."""
    result: dict[str, object] = {}
    for layer in layers:
        for key, value in layer.items():
            former = result.get(key)
            both = isinstance(former, dict) and isinstance(value, dict)
            result[key] = naive([former, value]) if both else value  # type: ignore[list-item]  # both are mappings
    return result  # type: ignore[return-value]  # built of plain values


@given(st.lists(MAPPINGS, min_size=1, max_size=4))
def test_mappings_merge_and_the_rest_is_replaced(layers: list[dict[str, object]]) -> None:
    assert plain(merged(map(mapping, layers))) == naive([{}, *layers])


@given(SHAPED, SHAPED, SHAPED)
def test_merging_is_associative_when_no_key_changes_its_kind(
    first: dict[str, object], second: dict[str, object], third: dict[str, object]
) -> None:
    a, b, c = mapping(first), mapping(second), mapping(third)
    assert plain(merged([merged([a, b]), c])) == plain(merged([a, merged([b, c])])) == plain(merged([a, b, c]))


@given(MAPPINGS)
def test_merging_with_itself_or_nothing_changes_nothing(value: dict[str, object]) -> None:
    root = mapping(value)
    assert plain(merged([root, root])) == plain(merged([mapping({}), root])) == plain(root)


def test_positions_follow_the_value_that_won() -> None:
    low, high = mapping({"a": {"x": 1, "y": 1}, "b": 1}, "low"), mapping({"a": {"y": 2}}, "high")
    tree = ConfigurationTree(Path("high"), merged([low, high]))
    assert tree.position(("a", "x")) == Position("low", 1, 1)
    assert tree.position(("a", "y")) == Position("high", 1, 1)
    assert tree.key_position(("a",)) == Position("high", 1, 1)
    assert tree.position(("b",)) == Position("low", 1, 1)


def test_a_path_that_leads_nowhere_has_no_position() -> None:
    tree = ConfigurationTree(Path("a"), mapping({"a": [1]}))
    assert tree.position(("a", 1)) is None
    assert tree.position(("a", 0, "b")) is None
    assert tree.position(("b",)) is None
