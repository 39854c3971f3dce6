"""What a YAML value may be: types of Python, reduced to what a file can hold."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
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


class Refused(NamedTuple):
    """A value of a class that no file can give."""

    name: str
    """Of the class."""


class Fields(NamedTuple):
    """A mapping that stands for an object."""

    name: str
    """Of the class."""
    load: Callable[[], Mapping[str, Field] | None]
    """The keys; None if they are not known."""


class Named(NamedTuple):
    """What ``$type`` names: a class, or the mistake in it, or neither when it is not known."""

    fields: Fields | None
    mistake: str | None = None
    is_task: bool = False


class Configured(NamedTuple):
    """A mapping that stands for a configuration; ``$type`` names a class below the expected one."""

    fields: Fields
    find: Callable[[str, Collection[str]], Named]
    """What a name stands for, beside other keys."""
    is_abstract: bool
    is_task: bool
    subclasses: Callable[[], tuple[str, ...]]
    is_part: bool = False
    """Whether another configuration holds it: a task there is set by the plan, which submits it first."""


Shape: TypeAlias = (
    Anything | Scalar | Special | Choice | Items | Fixed | Table | Either | Grid | Refused | Fields | Configured
)

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
        case Refused(name):
            return name
        case Fields(name=name) | Configured(fields=Fields(name=name)):
            return f"mapping ({name})"


def _word(value: Plain) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return repr(value)


def part(shape: Shape) -> Shape:
    """The shape of a parameter of a configuration, whose own configurations are its parts."""
    match shape:
        case Configured():
            return shape._replace(is_part=True)
        case Items(item):
            return Items(part(item))
        case Fixed(items):
            return Fixed(tuple(map(part, items)))
        case Table(key, value):
            return Table(part(key), part(value))
        case Either(members):
            return Either(tuple(map(part, members)))
        case Refused():
            return ANYTHING  # of a type that parameters cannot have: told there
        case _:
            return shape


def is_set_by_plan(shape: Shape) -> bool:
    """Whether a parameter of this shape may hold a task, which the plan submits."""
    match shape:
        case Configured(is_task=is_task):
            return is_task
        case Items(item):
            return is_set_by_plan(item)
        case Fixed(inner) | Either(inner):
            return any(map(is_set_by_plan, inner))
        case Table(key, value):
            return is_set_by_plan(key) or is_set_by_plan(value)
        case _:
            return False


def bare(shape: Shape) -> Shape:
    """The shape of one value, where several may be tried."""
    return shape.value if isinstance(shape, Grid) else shape
