"""Editors and the loader agree: the schema of a class accepts what the loader accepts."""

from __future__ import annotations

import dataclasses
import json
import tempfile
import warnings
from collections.abc import Mapping
from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Literal

import attrs
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from experimaestro._types import DirtyGitAction
from experimaestro.configuration.base import ConfigurationBase, configuration
from experimaestro.configuration.common import check_identifier
from experimaestro.configuration.configs import type_name
from experimaestro.configuration.errors import ConfigurationError
from experimaestro.configuration.grids import GridSearch
from experimaestro.configuration.loader import load
from experimaestro.configuration.quantities import ByteSize
from experimaestro.configuration.reader import read
from experimaestro.configuration.schema import schema_of
from experimaestro.configuration.source import experiment_source
from experimaestro.configuration.tree import ConfigurationTree, MappingNode
from experimaestro.core.annotations import Choices, Constant, Param, field
from experimaestro.core.annotations import help as documented
from experimaestro.core.config import Config, Task
from experimaestro.structuring import structure


class Speed(Enum):
    FAST = 1
    SLOW = 2


class Optimizer(Config):
    """How the weights change."""

    lr: Param[float]
    """The step."""


class Learn(Task):
    __xpmid__ = "tests.schema.learn"
    lr: Param[float]


class Learned(Optimizer, Task):
    __xpmid__ = "tests.schema.learned"


class Report(Config):
    learn: Param[Learn]
    optimizer: Param[Optimizer | None] = field(default=None)
    title: Param[str]


class Adam(Optimizer):
    version: Constant[int] = 1
    beta: Param[float] = field(default=0.9)
    kind: Param[Annotated[Literal["plain", "warm"], documented("Which variant")]] = field(default="plain")
    mode: Annotated[str, Choices(["a", "b"])] = field(default="a")


@configuration
class Cat:
    purrs: bool
    name: str = ""


@configuration
class Dog:
    barks: bool
    name: str = ""


@dataclasses.dataclass
class Circle:
    size: int


@dataclasses.dataclass
class Square:
    size: int


@configuration
class Node:
    """A node."""

    value: int = attrs.field(validator=[attrs.validators.ge(0), attrs.validators.lt(10)])
    """What it holds."""
    next: Node | None = None


@configuration
class Everything:
    number: int = 0
    ratio: float = 0.5
    text: str = attrs.field(default="", validator=attrs.validators.max_len(5))
    flag: bool = False
    path: Path = Path("/a")
    duration: timedelta = timedelta(hours=1)
    size: ByteSize = ByteSize(0)
    speed: Speed = Speed.FAST
    action: DirtyGitAction = DirtyGitAction.WARN
    word: Literal["a", 1, None] = "a"
    maybe: int | list[str] | None = None
    pet: Cat | Dog | None = None
    node: Node | None = None
    numbers: list[int] = []  # noqa: RUF012  # copied for each object
    pair: tuple[int, str] = (0, "")
    empty: tuple[()] = ()
    weights: dict[str, float] = {}  # noqa: RUF012  # copied for each object
    anything: Any = None  # any value of a file
    wrong: complex = 1j
    rate: GridSearch[float] = 0.1
    sizes: GridSearch[list[int]] = [1]  # noqa: RUF012  # copied for each object
    optimizer: Optimizer | None = None
    optimizers: list[Optimizer] = []  # noqa: RUF012  # copied for each object
    learn: Learn | None = None
    report: Report | None = None
    shape: Circle | Square | Optimizer | None = None
    level: str = attrs.field(default="low", validator=attrs.validators.in_(["low", "high"]))
    code: str | None = attrs.field(
        default=None, validator=attrs.validators.optional(attrs.validators.matches_re("[a-c]+"))
    )
    kind: int | None = attrs.field(default=None, validator=attrs.validators.optional(attrs.validators.in_([1, 2])))


SCHEMA = schema_of(Everything, interpolation=False)
VALIDATOR = Draft202012Validator(SCHEMA)


def is_loaded(value: Mapping[str, object], cls: type = Everything) -> bool:
    root = read(json.dumps(value), "a.yaml")
    assert isinstance(root, MappingNode)
    try:
        structure(ConfigurationTree(Path("a.yaml"), root), cls)
    except ConfigurationError:
        return False
    return True


FLOATS = st.floats(-100, 100).filter(lambda number: not number.is_integer())
"""JSON does not tell 3.0 from 3."""
WORDS = st.sampled_from(
    [
        *("a", "b", "FAST", "SLOW", "warn", "WARN", "Cat", "Dog", "1h30m", "soon", "4GiB", "4 apples", ""),
        *("Circle", "Square", "low", "high", "abc", "tests.schema.learn", "tests.schema.learned"),
        *("too long a text", type_name(Optimizer), type_name(Adam), "plain", "warm", "m:C"),
    ]
)
KEYS = st.sampled_from(
    [
        *("purrs", "barks", "name", "value", "next", "$type", "lr", "beta", "kind", "mode", "version", "other"),
        *("values_list", "values_range", "range", "values_mult"),
        *("learn", "optimizer", "title", "size"),
    ]
)
SCALARS = st.none() | st.booleans() | st.integers(-3, 12) | FLOATS | WORDS
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from([known.name for known in attrs.fields(Everything)])  # type: ignore[arg-type]  # made by attrs


@given(st.dictionaries(NAMES | st.just("other"), VALUES, max_size=2))
@example({"optimizer": {"lr": 1, "$type": type_name(Optimizer)}})
@example({"optimizer": {"lr": 1, "beta": 0.5, "$type": type_name(Adam)}})
@example({"optimizers": [{"lr": 1}, {"lr": 1, "mode": "c", "$type": type_name(Adam)}]})
@example({"pet": {"$type": "Dog", "barks": True}})
@example({"pet": {"name": "x"}})
@example({"node": {"value": 3, "next": {"value": 12}}})
@example({"rate": {"values_mult": [1, 3, 0.5]}})
@example({"rate": {"values_range": [1, 3]}})
@example({"sizes": [[1], [2]]})
@example({"sizes": [1]})
@example({"pair": [1, "a"], "empty": []})
@example({"report": {"title": "x"}, "learn": {"lr": 1}})
@example({"report": {"title": "x", "learn": {"lr": 1}}})
@example({"report": {"title": "x", "optimizer": {"lr": 1}}})
@example({"report": {"title": "x", "optimizer": {"$type": "tests.schema.learned", "lr": 1}}})
@example({"report": {"learn": None}})
@example({"optimizer": {"$type": "tests.schema.learned", "lr": 1}})
@example({"shape": {"size": 1}})
@example({"shape": {"size": 1, "$type": "Square"}})
@example({"shape": {"lr": 1}})
@example({"code": "ab", "level": "high"})
@example({"code": "abd"})
@example({"code": None, "level": "mid"})
@example({"kind": 2})
@example({"kind": 3})
def test_the_schema_accepts_what_the_loader_accepts(value: dict[str, object]) -> None:
    assert VALIDATOR.is_valid(value) == is_loaded(value), [error.message for error in VALIDATOR.iter_errors(value)]


def typed(name: str, values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return values.map(lambda value: {name: value})


def holds_something(span: list[int]) -> bool:
    """JSON Schema does not compare two numbers."""
    return len(span) not in (2, 3) or span[2:] == [0] or bool(range(*span))


NODES = st.recursive(st.just(None), lambda inner: st.fixed_dictionaries({"value": st.integers(-1, 11), "next": inner}))
NEARLY_RIGHT = st.one_of(
    typed(
        "duration", st.integers() | FLOATS | st.from_regex(r"[0-9]{1,2} ?[dhms]( ?[0-9]{1,2}[hms])?", fullmatch=True)
    ),
    typed("size", st.integers() | st.from_regex(r"[0-9.]{1,4} ?[KMG]?i?B?", fullmatch=True)),
    typed("node", NODES),
    typed("word", st.sampled_from(["a", 1, None, "b", 2, True])),
    typed("speed", st.sampled_from([1, 2, 3, "FAST", "fast", True])),
    typed("weights", st.dictionaries(st.text("ab"), FLOATS | st.integers(0, 3) | st.text("a"))),
    typed("rate", st.fixed_dictionaries({"range": st.lists(st.integers(-3, 3), max_size=4).filter(holds_something)})),
    typed("rate", st.fixed_dictionaries({"range_mult": st.lists(st.integers(0, 3) | FLOATS, max_size=4)})),
    typed("pet", st.dictionaries(st.sampled_from(["purrs", "barks", "name", "$type"]), st.booleans() | WORDS)),
    typed("shape", st.dictionaries(st.sampled_from(["size", "lr", "$type"]), st.integers(0, 3) | WORDS)),
    typed("report", st.dictionaries(st.sampled_from(["title", "learn", "optimizer", "$type"]), VALUES)),
    typed("code", st.text("abcd", max_size=3)),
    typed("kind", st.integers(0, 3)),
    typed("optimizer", st.dictionaries(st.sampled_from(["lr", "beta", "mode", "kind", "$type"]), FLOATS | WORDS)),
)


@given(NEARLY_RIGHT)
def test_they_agree_where_a_value_is_nearly_right(value: dict[str, object]) -> None:
    assert VALIDATOR.is_valid(value) == is_loaded(value), [error.message for error in VALIDATOR.iter_errors(value)]


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    Draft202012Validator.check_schema(schema_of(Experiment))


@configuration
class Colored:
    size: int
    color: str


@configuration
class Experiment(ConfigurationBase):
    """What we learn."""

    lr: float
    """The learning rate."""
    model: Node | None = None
    rate: str = attrs.field(default="", validator=attrs.validators.max_len(5))
    shape: Colored | Square | None = None
    optimizer: Optimizer | None = None


def test_documentation_and_defaults_are_in_the_schema() -> None:
    definition = schema_of(Experiment, interpolation=False)["$defs"]["Experiment"]  # type: ignore[index,call-overload]  # JSON
    assert definition["description"] == "What we learn."
    assert definition["properties"]["lr"] == {"type": "number", "description": "The learning rate."}
    assert definition["properties"]["dirty_git"] == {
        "enum": ["ignore", "IGNORE", "warn", "WARN", "error", "ERROR"],
        "description": "What to do when the project has uncommitted changes.",
        "default": "warn",
    }
    assert definition["required"] == ["id", "lr"]


def test_documentation_of_configurations_is_in_the_schema() -> None:
    text = json.dumps(SCHEMA)
    assert '"description": "How the weights change."' in text
    assert '"description": "The step."' in text
    assert '"description": "Which variant"' in text


@pytest.mark.parametrize(
    ("text", "is_valid"),
    [
        ({"id": "x", "lr": 0.1}, True),
        ({"id": "x"}, False),
        ({"imports": ["base.yaml"]}, True),
        ({"imports": ["base.yaml"], "model": {}}, True),
        ({"imports": ["base.yaml"], "lrr": 1}, False),
        ({"id": "x", "lr": "${env:LR}"}, True),
        ({"id": "x", "lr": "$${env:LR}"}, False),
        ({"id": "x", "lr": "${other.lr}", "model": "${base.model}"}, True),
        ({"id": "x", "lr": 1, "rate": "${env:A_LONG_NAME}"}, True),
        ({"imports": ["base.yaml"], "shape": {"color": "red"}}, True),
        ({"imports": ["base.yaml"], "optimizer": {"beta": 0.5}}, True),
        ({"imports": ["base.yaml"], "optimizer": {"beat": 0.5}}, False),
    ],
)
def test_files_of_experiments_may_import_and_refer(text: dict[str, object], is_valid: bool) -> None:
    assert Draft202012Validator(schema_of(Experiment)).is_valid(text) is is_valid


def is_read(value: Mapping[str, object], directory: Path) -> bool:
    """Whether a file of an experiment is read, up to the import of its code."""
    (directory / "exp.yaml").write_text(json.dumps(value))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # `parent`
            tree = load(directory / "exp.yaml")
        experiment_source(tree)
        check_identifier(structure(tree, Experiment).id, tree)
    except ConfigurationError:
        return False
    return True


TEXTS = st.sampled_from(["x", "", "a/b", ".a", "a.b", "a\x07b", "x" * 200, "x" * 201, "base.yaml"])
COMMON = st.fixed_dictionaries(
    {"lr": st.just(1)},
    optional={
        "id": TEXTS | st.none(),
        "title": st.just("y"),
        **dict.fromkeys(("file", "module", "pre_experiment"), TEXTS | st.none() | st.integers(1, 2)),
        "imports": st.none() | st.lists(st.just("base.yaml") | st.integers(1, 2), max_size=2) | TEXTS,
        "parent": st.just("base.yaml") | st.none() | st.just(""),
        "pythonpath": st.none() | st.lists(TEXTS, max_size=2),
    },
)


@given(COMMON)
@example({"id": "x", "lr": 1, "file": "a", "module": "b"})
@example({"id": "x", "lr": 1, "file": None, "module": "b"})
@example({"id": "x", "lr": 1, "imports": ["base.yaml"], "parent": "base.yaml"})
@example({"id": "x", "lr": 1, "imports": "${title}", "title": "base.yaml"})
@example({"id": "${title}", "lr": 1, "title": "y"})
@example({"id": "a/${title}", "lr": 1, "title": "y"})
def test_they_agree_on_the_keys_of_all_experiments(value: dict[str, object]) -> None:
    with tempfile.TemporaryDirectory() as directory:
        (Path(directory) / "base.yaml").write_text("title: y\nid: base\n")
        assert VALIDATOR_OF_FILES.is_valid(value) == is_read(value, Path(directory)), value


VALIDATOR_OF_FILES = Draft202012Validator(schema_of(Experiment))
