from __future__ import annotations

import contextlib
import dataclasses
import inspect
import json
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import timedelta
from enum import Enum, IntEnum
from pathlib import Path
from typing import Annotated, Any, Generic, Literal, NewType, Optional, TypeVar

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experimaestro._types import DirtyGitAction
from experimaestro.configuration.base import configuration
from experimaestro.configuration.errors import ConfigurationError
from experimaestro.configuration.quantities import ByteSize
from experimaestro.configuration.reader import read
from experimaestro.configuration.tree import ConfigurationTree, MappingNode, Plain
from experimaestro.core.annotations import Param
from experimaestro.core.config import Config
from experimaestro.structuring import structure, unstructure

T = TypeVar("T")
Steps = NewType("Steps", int)


class Speed(Enum):
    FAST = 1
    SLOW = 2


class Level(IntEnum):
    LOW = 1


@dataclasses.dataclass
class Point:
    x: float
    y: float = 0.0


@configuration
class Node:
    value: int
    next: Node | None = None


@configuration
class Cat:
    purrs: bool
    name: str = ""


@configuration
class Kitten(Cat):
    age: int = 0


@configuration
class Dog:
    barks: bool
    name: str = ""


@configuration
class Circle:
    size: int


@configuration
class Square:
    size: int
    inner: Circle | Square | None = None


class Swapped(Enum):
    A = "B"
    B = "A"
    PAIR = (1, 2)


@configuration
class Box(Generic[T]):
    item: T


@configuration
class Broken:
    numbers: Missing  # type: ignore[name-defined]  # noqa: F821  # the point of the test


def tree_of(text: str) -> ConfigurationTree:
    root = read(text, "a.yaml")
    assert isinstance(root, MappingNode)
    return ConfigurationTree(Path("a.yaml"), root)


def structured(kind: Any, text: str) -> Any:  # Any: annotations and values of all types
    """The value of a field of this type, written in YAML."""
    cls = attrs.make_class("Holder", {"field": attrs.field(type=kind)})
    return structure(tree_of(f"field: {text}"), cls).field


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (int, "3", 3),
        (float, "3", 3.0),
        (float, "1e-4", 1e-4),
        (bool, "true", True),
        (str, "a", "a"),
        (Path, "/a/b", Path("/a/b")),
        (Any, "[1, {a: b}]", [1, {"a": "b"}]),
        (object, "x", "x"),
        (Speed, "1", Speed.FAST),
        (Speed, "SLOW", Speed.SLOW),
        (Level, "LOW", Level.LOW),
        (DirtyGitAction, "error", DirtyGitAction.ERROR),
        (DirtyGitAction, "ERROR", DirtyGitAction.ERROR),
        (Literal["a", 1], "1", 1),
        (Literal[Speed.FAST], "FAST", Speed.FAST),
        (Optional[int], "", None),  # noqa: UP045  # users write it
        (int | str, "3", 3),
        (float | int, "3", 3),
        (Path | Speed, "FAST", Speed.FAST),
        (Path | None, "/a", Path("/a")),
        (list[int], "[1]", [1]),
        (list, "[1, a]", [1, "a"]),
        (Sequence[float], "[1]", [1.0]),
        (tuple[int, str], "[1, a]", (1, "a")),
        (tuple[int, ...], "[1, 2]", (1, 2)),
        (tuple[()], "[]", ()),
        (set[int], "[1, 1]", {1}),
        (AbstractSet[int], "[1]", frozenset([1])),
        (dict[str, int], "{a: 1}", {"a": 1}),
        (dict[int, str], "{1: a}", {1: "a"}),
        (Mapping[str, Path], "{a: /b}", {"a": Path("/b")}),
        (timedelta, "1h30m", timedelta(hours=1.5)),
        (timedelta, "90", timedelta(seconds=90)),
        (ByteSize, "4GiB", 4 * 2**30),
        (ByteSize, "1000", 1000),
        (Annotated[int, "steps"], "3", 3),
        (Steps, "3", 3),
        (Point, "{x: 1}", Point(1.0)),
        (Node, "{value: 1, next: {value: 2}}", Node(value=1, next=Node(value=2))),
        (list[Node], "[{value: 1}]", [Node(value=1)]),
        (Cat | Dog, "{barks: true}", Dog(barks=True)),
        (Box[int], "{item: 3}", Box(item=3)),
    ],
)
def test_values_of_the_right_type_are_taken(kind: Any, text: str, value: object) -> None:
    found = structured(kind, text)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (int, '"3"'),
        (int, "3.0"),
        (int, "true"),
        (float, "true"),
        (float, '"1e-4"'),
        (float, "1" + "0" * 400),
        (bool, "1"),
        (bool, '"true"'),
        (str, "3"),
        (str, "true"),
        (str, ""),
        (Path, "3"),
        (Path, "''"),
        (timedelta, "soon"),
        (timedelta, "-1"),
        (timedelta, "true"),
        (timedelta, "1e13"),
        (timedelta, "1m1h"),
        (ByteSize, "1.5"),
        (ByteSize, "-1"),
        (ByteSize, "4 apples"),
        (list[int], "'12'"),
        (list[int], "{1: 2}"),
        (set[str], "abc"),
        (tuple[int, ...], "'12'"),
        (tuple[int, int], "[1]"),
        (dict[str, int], "[[a, 1]]"),
        (dict[str, int], "{1: 1}"),
        (Speed, "true"),
        (Speed, "1.0"),
        (Literal[1], "true"),
        (int | None, '"None"'),
        (bytes, "abc"),
        (complex, "1"),
        (Box[int], "{item: a}"),
        (Box, "{item: a}"),
        (Steps, "'3'"),
    ],
)
def test_values_of_another_type_are_refused(kind: Any, text: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^a\.yaml:1:\d+: field"):
        structured(kind, text)


@pytest.mark.parametrize("kind", [Cat | Dog, Dog | Cat])
def test_the_order_of_a_union_of_classes_does_not_matter(kind: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"purrs: missing|barks: missing"):
        structured(kind, "{name: x}")
    assert structured(kind, "{purrs: true, name: x}") == Cat(purrs=True, name="x")


def test_a_class_of_a_union_may_be_named() -> None:
    assert structured(Cat | Dog, "{$type: Dog, barks: true}") == Dog(barks=True)
    with pytest.raises(
        ConfigurationError, match=r"field\.\$type: found 'Dgo', expected one of 'Cat', 'Dog'; did you mean"
    ):
        structured(Cat | Dog, "{$type: Dgo, barks: true}")


def test_a_relative_path_is_beside_the_file_that_wrote_it(tmp_path: Path) -> None:
    cls = attrs.make_class("Holder", {"field": attrs.field(type=list[Path])})
    root = read("field: [a, ../b, ~/c, /d]", "conf/a.yaml")
    assert isinstance(root, MappingNode)
    tree = ConfigurationTree(Path("conf/a.yaml"), root, tmp_path)
    assert structure(tree, cls).field == [tmp_path / "conf/a", tmp_path / "b", Path.home() / "c", Path("/d")]


def test_a_field_of_a_private_attribute_is_named_as_its_argument() -> None:
    cls = attrs.make_class("Holder", {"_hidden": attrs.field(type=int)})
    assert unstructure(structure(tree_of("hidden: 3"), cls)) == {"hidden": 3}
    with pytest.raises(ConfigurationError, match=r"^a\.yaml:1:9: hidden: found 'x'"):
        structure(tree_of("hidden: x"), cls)


def test_what_a_constructor_says_is_told() -> None:
    @attrs.define
    class Picky:
        number: int

        def __attrs_post_init__(self) -> None:
            raise RuntimeError("not today")

    with pytest.raises(ConfigurationError, match=r"^a\.yaml:1:1: RuntimeError: not today$"):
        structure(tree_of("number: 1"), Picky)


def test_an_annotation_without_meaning_is_told() -> None:
    with pytest.raises(ConfigurationError, match=r"an annotation of Broken has no meaning.*'Missing'"):
        structure(tree_of("numbers: 1"), Broken)


def test_sets_have_a_stable_order() -> None:
    assert unstructure({"b", "a", "c"}) == ["a", "b", "c"]


@pytest.mark.parametrize("value", [b"bytes", 1j, object()])
def test_what_has_no_form_in_a_file_is_not_unstructured(value: object) -> None:
    with pytest.raises(TypeError, match="has no form"):
        unstructure([value])


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (str | Path, Path("a")),
        (timedelta | str, timedelta(1)),
        (list[int] | set[int], {1}),
        (Cat | dict, Cat(purrs=True)),
    ],
)
def test_what_would_be_read_as_another_type_has_no_form(kind: Any, value: object) -> None:
    with pytest.raises(TypeError, match="has no form in a configuration file that takes"):
        unstructure(value, kind)


def test_classes_of_the_same_name_are_told_apart_by_their_modules() -> None:
    other = attrs.make_class("Cat", {"claws": attrs.field(type=int)})
    other.__module__ = "elsewhere"
    form = unstructure(other(3), Cat | other)
    assert form == {"$type": "elsewhere:Cat", "claws": 3}
    assert structured(Cat | other, json.dumps(form)) == other(3)


def test_a_class_may_be_named_beside_configurations() -> None:
    class Bird(Config):
        __xpmid__ = "tests.structuring.bird"
        name: Param[str]

    for value in (Cat(purrs=True), Bird.C(name="x")):
        assert structured(Cat | Bird, json.dumps(unstructure(value, Cat | Bird))) == value


def test_a_class_is_tried_before_mappings_of_anything() -> None:
    for kind in (Cat | dict[str, Any], dict[str, Any] | Cat):
        assert structured(kind, "{purrs: true}") == Cat(purrs=True)
        assert structured(kind, "{barks: true}") == {"barks": True}


@configuration
class Everything:
    number: int
    ratio: float
    text: str
    flag: bool
    path: Path
    duration: timedelta
    size: ByteSize
    either: Cat | Dog
    speed: Speed
    action: DirtyGitAction
    level: Level
    word: Literal["a", "b"]
    maybe: int | str | None
    numbers: list[int]
    pair: tuple[int, str]
    words: set[str]
    weights: dict[str, float]
    point: Point
    nodes: list[Node]
    shape: Circle | Square | None
    shapes: dict[str, list[Circle | Square]]
    box: Box[Circle | Square]
    swapped: Swapped
    either_or: timedelta | Literal["soon"] | list[Circle | Square] | None


TEXT = st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]), max_size=20)
"""Short: a key of YAML on one line has 1,024 characters at most."""
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
SHAPES = st.recursive(
    st.builds(Circle, size=st.integers()),
    lambda inner: st.builds(Square, size=st.integers(), inner=st.none() | inner),
    max_leaves=3,
)
OBJECTS = st.builds(
    Everything,
    number=st.integers(),
    ratio=FLOATS,
    text=TEXT,
    flag=st.booleans(),
    path=st.builds(Path, st.text("abc/").map(lambda name: f"/x{name}")),
    duration=st.timedeltas(timedelta(), timedelta(days=10**6)),
    size=st.integers(0).map(ByteSize),
    either=st.builds(Cat, purrs=st.booleans()) | st.builds(Dog, barks=st.booleans()),
    speed=st.sampled_from(Speed),
    action=st.sampled_from(DirtyGitAction),
    level=st.sampled_from(Level),
    word=st.sampled_from(["a", "b"]),
    maybe=st.none() | st.integers() | TEXT,
    numbers=st.lists(st.integers()),
    pair=st.tuples(st.integers(), TEXT),
    words=st.sets(TEXT),
    weights=st.dictionaries(TEXT, FLOATS),
    point=st.builds(Point, FLOATS, FLOATS),
    nodes=st.lists(st.builds(Node, value=st.integers(), next=st.none() | st.builds(Node, value=st.integers()))),
    shape=st.none() | SHAPES,
    shapes=st.dictionaries(TEXT, st.lists(SHAPES, max_size=2), max_size=2),
    box=st.builds(Box, item=SHAPES),
    swapped=st.sampled_from(Swapped),
    either_or=st.none()
    | st.just("soon")
    | st.timedeltas(timedelta(), timedelta(days=9))
    | st.lists(SHAPES, max_size=2),
)


@given(OBJECTS)
def test_what_is_unstructured_is_structured_again(value: Everything) -> None:
    assert structure(tree_of(json.dumps(unstructure(value))), Everything) == value


WORDS = st.sampled_from(list(inspect.get_annotations(Everything))) | st.text("abc", max_size=3)
ANYTHING: st.SearchStrategy[Plain] = st.recursive(
    st.none() | st.booleans() | st.integers() | FLOATS | TEXT | st.sampled_from(["a", "FAST", "warn"]),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(WORDS, children, max_size=5),
    max_leaves=20,
)


@given(st.dictionaries(WORDS, ANYTHING, max_size=20))
def test_any_mapping_is_an_object_or_a_configuration_error(value: dict[str, Plain]) -> None:
    with contextlib.suppress(ConfigurationError):
        assert isinstance(structure(tree_of(json.dumps(value)), Everything), Everything)
