from __future__ import annotations

import contextlib
import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from experimaestro.configuration import reader
from experimaestro.configuration.errors import ConfigurationError
from experimaestro.configuration.reader import read
from experimaestro.configuration.tree import MappingNode, Plain, Position, plain

TEXT = st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]), max_size=20)
"""Short: a key of YAML on one line has 1,024 characters at most."""
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda children: st.lists(children, max_size=4) | st.dictionaries(TEXT, children, max_size=4),
    max_leaves=20,
)


def value_of(text: str) -> Plain:
    node = read(text, "a.yaml")
    assert node is not None
    return plain(node)


@pytest.fixture(params=["C", "Python"])
def _parsers(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "Python":
        monkeypatch.setattr(reader, "_PARSER", yaml.BaseLoader)


@pytest.mark.usefixtures("_parsers")
def test_keys_and_values_have_positions() -> None:
    root = read("a: 1\nb:\n  - x\n  - {c: 2}\n", "a.yaml")
    assert isinstance(root, MappingNode)
    assert root.entries["b"].key == Position("a.yaml", 2, 1)
    assert plain(root) == {"a": 1, "b": ["x", {"c": 2}]}
    assert root.entries["a"].value.position == Position("a.yaml", 1, 4)
    assert root.entries["b"].value.position == Position("a.yaml", 3, 3)


@pytest.mark.usefixtures("_parsers")
def test_quotes_make_text_of_anything() -> None:
    assert value_of("['1', \"yes\", !!str 3]") == ["1", "yes", "3"]


@pytest.mark.usefixtures("_parsers")
def test_anchors_stand_for_their_value() -> None:
    assert value_of("a: &one {x: 1}\nb: *one\n&k c: *k\n") == {"a": {"x": 1}, "b": {"x": 1}, "c": "c"}


@pytest.mark.usefixtures("_parsers")
def test_merge_keys_yield_to_what_is_written_and_to_earlier_mappings() -> None:
    text = "a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc:\n  z: 3\n  <<: [*a, *b]\n"
    assert value_of(text) == {"a": {"x": 1, "y": 1}, "b": {"y": 2, "z": 2}, "c": {"x": 1, "y": 1, "z": 3}}


@pytest.mark.usefixtures("_parsers")
@pytest.mark.parametrize("text", ["a: [1", "a: *x", "a: 1\na: 2", "a: yes", "- !x {}", "a:\n\tb", "\x00", "\ud800"])
def test_both_parsers_find_the_same_mistakes(text: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^a\.yaml:\d+:\d+: "):
        read(text, "a.yaml")


def test_words_refused_as_values_are_names_as_keys() -> None:
    assert value_of("on: 1\nno: 2\n007: 3\n") == {"on": 1, "no": 2, "007": 3}


def test_numbers_may_be_keys() -> None:
    assert value_of("1: a\n2.5: b\n") == {1: "a", 2.5: "b"}


def test_nothing_is_not_a_value() -> None:
    assert read("# only a comment\n", "a.yaml") is None


@pytest.mark.parametrize("text", ["[" * 200_000, "[" * 200 + "]" * 200, "a: " + "{a: " * 5000])
def test_deep_nesting_is_refused_rather_than_overflowing_the_stack(text: str) -> None:
    with pytest.raises(ConfigurationError, match="nested more than 100 levels deep"):
        read(text, "a.yaml")


def test_aliases_of_aliases_cannot_fill_the_memory() -> None:
    lines = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 12)]
    with pytest.raises(ConfigurationError, match="stand for more than 1,000,000 values"):
        read("\n".join(lines), "a.yaml")


@given(JSON)
def test_json_is_read_as_it_is(value: Plain) -> None:
    assert value_of(json.dumps(value)) == value


@given(st.text() | st.text(alphabet=" \n\t:-[]{},&*!|>'\"%@#?<ab01.~yesno", max_size=40))
def test_any_text_is_a_value_or_a_configuration_error(text: str) -> None:
    with contextlib.suppress(ConfigurationError):
        read(text, "a.yaml")
