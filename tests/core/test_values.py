"""Which values a parameter takes, and what it keeps."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import Enum, IntEnum, IntFlag, StrEnum
from pathlib import Path
from typing import Any, Literal, Union

import pytest

from experimaestro import Array, Choices, Config, Param, RunMode, Task, field, sealed_set, tag
from experimaestro.core.algebra import type_of
from experimaestro.core.checking import InvalidParameterError
from experimaestro.core.values import InvalidValueError

HUGE = 10**30


class Color(Enum):
    RED = "red"
    BLUE = "blue"


class Level(IntEnum):
    LOW = 1


class Word(StrEnum):
    YES = "yes"


class Mode(IntFlag):
    READ = 1
    WRITE = 2


class Item(Config):
    size: Param[int]


class SmallItem(Item): ...


class Work(Task):
    size: Param[int]

    def execute(self) -> None: ...


@pytest.mark.parametrize(
    ("hint", "given", "kept"),
    [
        (int, 3, 3),
        (int, True, 1),
        (int, HUGE, HUGE),
        (int, Level.LOW, 1),
        (float, 3, 3.0),
        (float, 1e-4, 1e-4),
        (bool, False, False),
        (str, "a", "a"),
        (str, Word.YES, "yes"),
        (Path, "a/b", Path("a/b")),
        (Path, Path("a"), Path("a")),
        (Color, Color.RED, Color.RED),
        (Level, Level.LOW, Level.LOW),
        (Mode, Mode.READ | Mode.WRITE, Mode.READ | Mode.WRITE),
        (Literal["a", 1], 1, 1),
        (list[int], [1, 2], [1, 2]),
        (Array(int), [1], [1]),
        (list[float], [1, 2.5], [1.0, 2.5]),
        (Sequence[int], (1, 2), [1, 2]),
        (set[str], {"a"}, {"a"}),
        (frozenset[str], frozenset("a"), frozenset("a")),
        (tuple[int, str], [1, "a"], (1, "a")),
        (tuple[int, ...], (1, 2, 3), (1, 2, 3)),
        (tuple[()], (), ()),
        (dict[int, Path], {1: "a"}, {1: Path("a")}),
        (Mapping[str, int], {"a": 1}, {"a": 1}),
        (list[dict[str, tuple[int, float]]], [{"a": (1, 2)}], [{"a": (1, 2.0)}]),
        (int | None, None, None),
        (Union[int, str], "3", "3"),  # noqa: UP007  (a spelling of users)
        (float | int, 3, 3),
        (str | Path, Path("a"), Path("a")),
        (list[int] | list[str], ["a"], ["a"]),
        (Any, [1, {"a": None}], [1, {"a": None}]),
        (list, [1, "a"], [1, "a"]),
        (dict, {"a": 1}, {"a": 1}),
    ],
)
def test_value_is_kept(hint: object, given: object, kept: object) -> None:
    converted = type_of(hint).convert(given)
    assert (converted, type(converted)) == (kept, type(kept))


@pytest.mark.parametrize(
    ("hint", "given", "expected"),
    [
        (int, "3", "found '3' (str), expected int: write 3"),
        (int, 12.0, "found 12.0 (float), expected int: write 12"),
        (int, 2.7, "found 2.7 (float), expected int"),
        (float, "1e3", "found '1e3' (str), expected float: write 1000.0"),
        (float, "three", "found 'three' (str), expected float"),
        (bool, 1, "found 1 (int), expected bool: write True"),
        (bool, "no", "found 'no' (str), expected bool: write False"),
        (str, 3, "expected str"),
        (str, b"a", "expected str"),
        (Path, 3, "expected a path (str or Path)"),
        (Color, "red", "expected a member of Color (Color.RED, Color.BLUE)"),
        (Literal["a", "b"], "c", "expected one of 'a', 'b'"),
        (list[int], (1,), "expected list[int]: write list(...)"),
        (list[int], "12", "expected list[int]"),
        (list[int], [1, "2"], "at [1]: found '2' (str), expected int"),
        (list[list[int]], [[], [1, None]], "at [1][1]: found None, expected int"),
        (dict[str, int], {"a": "x"}, "at ['a']: found 'x' (str), expected int"),
        (dict[str, int], {1: 1}, "at [key 1]: found 1 (int), expected str"),
        (tuple[int, str], (1,), "expected tuple[int, str]"),
        (tuple[int, str], (1, 2), "at [1]: found 2 (int), expected str"),
        (set[int], [1], "expected set[int]: write set(...)"),
        (int | str, 1.5, "expected int | str"),
        (int | None, "a", "expected int | None"),
    ],
)
def test_value_of_another_type_is_refused(hint: object, given: object, expected: str) -> None:
    with pytest.raises(InvalidValueError, match=re.escape(expected)):
        type_of(hint).convert(given)


def test_scalar_of_a_numerical_library_is_kept_as_a_python_number() -> None:
    scalar = type("float32", (), {"__module__": "numpy", "shape": (), "item": lambda _: 0.5})()
    assert type_of(float).convert(scalar) == 0.5


class Holder(Config):
    item: Param[Item | None] = field(default=None)
    items: Param[list[Item]] = field(default_factory=list)
    chosen: Param[set[Item]] = field(default_factory=set)
    works: Param[list[Work]] = field(default_factory=list)


def test_configuration_of_a_subclass_is_accepted() -> None:
    assert Holder.C(item=SmallItem.C(size=1)).item == SmallItem.C(size=1)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"item": Holder.C()}, "expected a configuration of Item | None"),
        ({"items": [Item.C(size=1), 3]}, r"at [1]: found 3 (int), expected a configuration of Item"),
        ({"items": [Item()]}, "expected a configuration of Item: write Item.C(...)"),
        (
            {"works": [Work.C(size=1)]},
            "expected a configuration of Work that was submitted: call .submit() on the task",
        ),
        ({"items": [tag(3)]}, "at [0]: found tag(3) (Annotated)"),
    ],
)
def test_what_is_no_configuration_of_the_class_is_refused(values: dict[str, Any], expected: str) -> None:
    with pytest.raises(InvalidParameterError, match=re.escape(expected)):
        Holder.C(**values)


def test_submitted_task_is_accepted() -> None:
    work = Work.C(size=1).submit(run_mode=RunMode.DRY_RUN)
    assert Holder.C(works=[work]).works == [work]


def test_set_needs_sealed_configurations() -> None:
    assert len(sealed_set(Item.C(size=1), Item.C(size=1), Item.C(size=2))) == 2
    with pytest.raises(TypeError, match=re.escape("use sealed_set(...)")):
        {Item.C(size=1)}


def test_checker_follows_the_type() -> None:
    class Choice(Config):
        letter: Param[str]

    checker = Choices(["a", "b"])
    assert checker.check("a")
    assert not checker.check("c")
    assert checker.describe() == "one of 'a', 'b'"


def test_error_says_where_the_value_was_set() -> None:
    with pytest.raises(InvalidParameterError) as raised:
        Item.C(size="3")  # type: ignore[arg-type]  # the subject of the test
    assert re.search(r"parameter 'size' of .*Item \(set at .*test_values.py:\d+\): found '3'", str(raised.value))
