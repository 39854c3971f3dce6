"""What a YAML value may be: types of Python, reduced to what a file can hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import NoneType
from typing import Final, NamedTuple, TypeAlias

Plain: TypeAlias = "bool | int | float | str | None"
"""A scalar."""


class Anything(NamedTuple):
    """All values: nothing is known of what is expected."""


class Scalar(NamedTuple):
    """A value of exactly this class; an integer where a float is expected."""

    kind: type


class Special(NamedTuple):
    """A path, a duration or a size: written as a text, or as a number for the last two."""

    name: str


class Choice(NamedTuple):
    """One of these values."""

    accepted: tuple[Plain, ...]
    shown: tuple[Plain, ...]
    others: tuple[type, ...] = ()
    """The classes of values that are accepted too, because not all are known."""


class Items(NamedTuple):
    """A list of values of one shape."""

    item: Shape


class Fixed(NamedTuple):
    """A list of as many values."""

    items: tuple[Shape, ...]


class Table(NamedTuple):
    """A mapping."""

    key: Shape
    value: Shape


class Either(NamedTuple):
    """A value of one of these shapes."""

    members: tuple[Shape, ...]


class Grid(NamedTuple):
    """One value, or several to try."""

    value: Shape


class Field(NamedTuple):
    """A key of a mapping."""

    shape: Shape
    is_required: bool
    refusal: str | None = None
    """Why it cannot be given."""


class Fields(NamedTuple):
    """A mapping that stands for an object."""

    name: str
    """Of the class."""
    fullname: str
    load: Callable[[], Mapping[str, Field] | None]
    """The keys; None if they are not known."""


class Named(NamedTuple):
    """What ``$type`` names: a class, or the mistake in it, or neither when it is not known."""

    fields: Fields | None
    mistake: str | None = None


class Configured(NamedTuple):
    """A mapping that stands for a configuration; ``$type`` names a class below the expected one."""

    fields: Fields
    find: Callable[[str], Named]
    is_abstract: bool
    subclasses: Callable[[], tuple[str, ...]]


Shape: TypeAlias = Anything | Scalar | Special | Choice | Items | Fixed | Table | Either | Grid | Fields | Configured

ANYTHING: Final = Anything()
PATH: Final = Special("path")
DURATION: Final = Special("duration (such as 1h30m, or seconds)")
SIZE: Final = Special("size (such as 4GiB, or bytes)")


def expected(shape: Shape) -> str:
    """The words for a shape."""
    match shape:
        case Anything():
            return "anything"
        case Scalar(kind):
            return "null" if kind is NoneType else kind.__name__
        case Special(name):
            return name
        case Choice(shown=shown):
            return f"one of {', '.join(map(_word, shown))}"
        case Items(item):
            return f"list of {expected(item)}"
        case Fixed(items):
            return f"list of {len(items)} ({', '.join(map(expected, items))})"
        case Table(key, value):
            return f"mapping of {expected(key)} to {expected(value)}"
        case Either(members):
            return " or ".join(map(expected, members))
        case Grid(value):
            return expected(value)
        case Fields(name=name) | Configured(fields=Fields(name=name)):
            return f"mapping ({name})"


def _word(value: Plain) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return repr(value)


def bare(shape: Shape) -> Shape:
    """The shape of one value, where several may be tried."""
    return shape.value if isinstance(shape, Grid) else shape
