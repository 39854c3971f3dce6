from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experimaestro.configuration.errors import ConfigurationError
from experimaestro.configuration.interpolation import escaped, interpolated
from experimaestro.configuration.loader import load
from experimaestro.configuration.reader import read
from experimaestro.configuration.tree import ConfigurationTree, MappingNode, Plain, Position

Write = Callable[[Mapping[str, str]], None]

BASE = """\
lr: 1e-4
name: "3"
model:
  layers: [1, 2]
  7: seven
"""


def tree_of(text: str) -> ConfigurationTree:
    root = read(text, "a.yaml")
    assert isinstance(root, MappingNode)
    return ConfigurationTree(Path("a.yaml"), interpolated(root))


def value_of(text: str) -> Plain:
    return tree_of(f"{BASE}x: {text}\n").plain()["x"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("${lr}", 1e-4),
        ("'${lr}'", 1e-4),
        ("${name}", "3"),
        ("${model}", {"layers": [1, 2], 7: "seven"}),
        ("${model.layers}", [1, 2]),
        ("${model.layers.1}", 2),
        ("${model.7}", "seven"),
        ("lr=${lr}", "lr=1e-4"),
        ("${name}${name}", "33"),
        ("[1, '${lr}']", [1, 1e-4]),
        ("$${lr}", "${lr}"),
        ("a $${b} ${name}", "a ${b} 3"),
        ("$name {lr}", "$name {lr}"),
    ],
)
def test_a_reference_is_the_value_or_its_text(text: str, value: Plain) -> None:
    assert value_of(text) == value


@pytest.mark.parametrize("form", ["env:N", "env.N", "oc.env:N", "oc.env.N", "env:N,5", "oc.env:NONE,8"])
def test_a_variable_without_quotes_is_typed(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("N", "8")
    assert value_of(f"${{{form}}}") == 8
    assert value_of(f"'${{{form}}}'") == "8"
    assert value_of(f"a${{{form}}}") == "a8"


def test_references_may_go_through_references() -> None:
    tree = tree_of("a: ${b}\nb: ${c.d}\nc: {d: {e: 1}}\nf: ${a.e}\n")
    assert tree.plain() == {"a": {"e": 1}, "b": {"e": 1}, "c": {"d": {"e": 1}}, "f": 1}


def test_a_value_stands_where_the_reference_is_and_what_is_in_it_where_it_was_written() -> None:
    tree = tree_of("a: ${b}\nb:\n  c: 1\n")
    assert tree.position(("a",)) == Position("a.yaml", 1, 4)
    assert tree.position(("a", "c")) == Position("a.yaml", 3, 6)


def test_references_see_all_files_and_options(write: Write) -> None:
    write({"exp.yaml": "imports: [base]\nx: '${y}-${z}'\n", "base.yaml": "y: 1\nz: 1\n"})
    assert load(Path("exp"), overrides=["z=${w}", "w=[2]", "w=3"]).plain()["x"] == "1-3"


def test_variables_name_imports_and_code(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WHERE", "conf")
    write({"exp.yaml": "imports: ['${env:WHERE}/base']\nfile: ${env:WHERE}/run\n", "conf/base.yaml": "y: 1\n"})
    values = load(Path("exp")).plain()
    assert (values["y"], values["file"]) == (1, str(tmp_path / "conf/run"))


def test_what_contains_no_reference_is_the_same_tree() -> None:
    root = read(BASE, "a.yaml")
    assert isinstance(root, MappingNode)
    assert interpolated(root) is root


def reference(number: int) -> str:
    return f"'${{a{number}}}'"


def test_references_to_references_cannot_fill_the_memory() -> None:
    lines = ["a0: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"a{i}: [{', '.join([reference(i - 1)] * 10)}]" for i in range(1, 12)]
    with pytest.raises(ConfigurationError, match="stand for more than 1,000,000 values"):
        tree_of("\n".join(lines))


@pytest.mark.parametrize("forwards", [True, False])
def test_a_long_chain_of_references_is_refused_rather_than_overflowing_the_stack(*, forwards: bool) -> None:
    lines = [f"a{i}: [{reference(i + 1)}]" for i in range(5000)] + ["a5000: 1"]
    with pytest.raises(ConfigurationError, match="levels deep"):
        tree_of("\n".join(lines if forwards else lines[::-1]))


TEXT = st.text("ab.${}:, env1", max_size=12)
VALUES = st.recursive(
    TEXT | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2),
    max_leaves=10,
)


@given(st.dictionaries(st.sampled_from("abc"), VALUES, min_size=1))
def test_any_tree_is_interpolated_or_refused(value: Plain) -> None:
    with contextlib.suppress(ConfigurationError):
        tree_of(json.dumps(value))


@given(st.text("$${}ab", max_size=12))
def test_what_is_escaped_is_itself(text: str) -> None:
    assert tree_of(json.dumps({"a": escaped(text)})).plain() == {"a": text}
