"""What the flow of a plan is made of: configurations, what holds them, their files; and what is known of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from types import MappingProxyType
from typing import Final, NamedTuple, TypeAlias

from mypy import nodes as n


class Sure(Enum):
    """Whether something happened, on all paths that lead to a point of the code."""

    NO = "no"
    MAYBE = "maybe"
    YES = "yes"

    def __or__(self, other: Sure) -> Sure:
        """What is known where two paths meet."""
        return self if self is other else Sure.MAYBE


# Plain classes: those that the standard library generates would cost a tenth of a check after an edit.
class Built:
    """A configuration that the code builds: each evaluation builds another one."""

    __slots__ = ("by", "info", "is_copy", "is_exact", "where")

    def __init__(
        self,
        info: n.TypeInfo,
        where: n.Expression,
        *,
        is_exact: bool,
        by: n.FuncDef | None = None,
        is_copy: bool = False,
    ) -> None:
        self.info: Final = info
        self.by: Final = by
        """The function that built it, when it is another one than that whose code is followed."""
        self.where: Final = where
        """What built it."""
        self.is_exact: Final = is_exact
        """Whether it is of that very class, and not perhaps of a subclass."""
        self.is_copy: Final = is_copy

    @property
    def builder(self) -> str:
        """How the function that built it is called, when it is another one; empty if not."""
        if self.by is None:
            return ""
        return self.by.name if self.by.is_property else f"{self.by.name}()"


class Holder:
    """A list, tuple, set or dictionary. What it holds may change: see `Content`."""

    __slots__ = ("depth", "kind")

    def __init__(self, kind: str, depth: int = 0) -> None:
        self.kind: Final = kind
        """The name of the built-in class."""
        self.depth: Final = depth
        """In how many loops it was made."""


class Maker(Holder):
    """``X.C``, or what `functools.partial` made of it: holds the parameters that are given already."""

    __slots__ = ("info", "is_open")

    def __init__(self, info: n.TypeInfo, *, is_open: bool = False) -> None:
        super().__init__("partial")
        self.info: Final = info
        self.is_open: Final = is_open
        """Whether any parameter may have been given."""


class Kind:
    """A configuration class as a value: the first argument of its class methods, or what a name stands for."""

    __slots__ = ("doubts", "info")

    def __init__(self, info: n.TypeInfo, *, doubts: int | None = None) -> None:
        self.info: Final = info
        self.doubts: Final = doubts
        """For an element: in how many parts of code, that may not run, the container was made.

        In further ones, a condition may well tell the elements apart.
        """


class Output:
    """What `task_outputs` returned: its phase is not known."""

    __slots__ = ("info", "task")

    def __init__(self, task: Built, info: n.TypeInfo | None) -> None:
        self.task: Final = task
        self.info: Final = info


class Made:
    """An instance."""

    __slots__ = ("info",)

    def __init__(self, info: n.TypeInfo) -> None:
        self.info: Final = info


class Loaded:
    """A configuration that was read from a file."""

    __slots__ = ("function", "is_task")

    def __init__(self, function: str, *, is_task: bool) -> None:
        self.function: Final = function
        """The name of the function that read it."""
        self.is_task: Final = is_task
        """Whether it can be nothing but a task."""


class File:
    """A path in the directory of a task."""

    __slots__ = ("name", "task", "where")

    def __init__(self, task: Built, name: str, where: n.Expression) -> None:
        self.task: Final = task
        self.name: Final = name
        """The attribute that gave it."""
        self.where: Final = where


class Unknown:
    """Anything else; there is one: `UNKNOWN`."""

    __slots__ = ()


class Absent:
    """None, as far as it may stand for a configuration; there is one: `ABSENT`."""

    __slots__ = ()


class Several:
    """One of several values."""

    __slots__ = ("values",)

    def __init__(self, values: tuple[Value, ...]) -> None:
        self.values: Final = values


Value: TypeAlias = "Built | Holder | Kind | Output | Made | Loaded | File | Unknown | Absent | Several"
Cell: TypeAlias = "Built | Holder"

UNKNOWN: Final = Unknown()
ABSENT: Final = Absent()


def alternatives(value: Value) -> tuple[Value, ...]:
    """The values that a value may be."""
    return value.values if isinstance(value, Several) else (value,)


def one_of(values: Iterable[Value]) -> Value:
    """One of these values."""
    found: dict[Value, None] = {}
    for value in values:
        found.update(dict.fromkeys(alternatives(value)))
    return next(iter(found), UNKNOWN) if len(found) <= 1 else Several(tuple(found))


def may_be_absent(value: Value) -> bool:
    """Whether a value is something, or None."""
    return isinstance(value, Several) and ABSENT in value.values


def present(value: Value) -> Value:
    """A value of which it is known that it is not None."""
    return one_of(one for one in alternatives(value) if one is not ABSENT)


def settled(value: Value) -> Value:
    """A value of which it is not followed any more whether it is None."""
    if value is ABSENT:
        return UNKNOWN
    return one_of([present(value), UNKNOWN]) if may_be_absent(value) else value


class Pending(NamedTuple):
    """What a configuration will need when it is submitted, and where the code says so."""

    value: Value
    where: n.Context


NOTHING: Final[Mapping[str, Value]] = MappingProxyType({})


class Life(NamedTuple):
    """What is known of a configuration at a point of the code."""

    submitted: Sure = Sure.NO
    sealed: Sure = Sure.NO
    done: Sure = Sure.NO
    """Whether the plan waited for it."""
    is_lost: bool = False
    """Whether other code has it, and may do anything with it."""
    is_open: bool = False
    """Whether any parameter may have been given."""
    given: frozenset[str] = frozenset()
    """The parameters that were given, perhaps on some paths only."""
    fields: Mapping[str, Value] = NOTHING
    """What the parameters hold, for those that hold something of interest."""
    pending: tuple[Pending, ...] = ()
    transient: str | None = None
    """TRANSIENT or REMOVE, as it was submitted."""
    submission: n.CallExpr | None = None
    is_used: bool = False
    """Whether something consumes it."""
    is_template: bool = False
    """Whether it was copied: its copies may be what is completed."""

    @property
    def is_unsubmitted(self) -> bool:
        """Whether it was certainly not submitted."""
        return self.submitted is Sure.NO and not self.is_lost

    @property
    def is_unsealed(self) -> bool:
        """Whether it can certainly be changed."""
        return self.sealed is Sure.NO and not self.is_lost

    @property
    def is_sealed(self) -> bool:
        """Whether it certainly cannot be changed."""
        return self.sealed is Sure.YES and not self.is_lost

    def meet(self, other: Life) -> Life:
        """What is known where two paths meet."""
        if self is other:
            return self
        return Life(
            submitted=self.submitted | other.submitted,
            sealed=self.sealed | other.sealed,
            done=self.done | other.done,
            is_lost=self.is_lost or other.is_lost,
            is_open=self.is_open or other.is_open,
            given=self.given | other.given,
            fields=meet_values(self.fields, other.fields),
            pending=self.pending + tuple(p for p in other.pending if p not in self.pending),
            transient=self.transient or other.transient,
            submission=self.submission or other.submission,
            is_used=self.is_used or other.is_used,
            is_template=self.is_template or other.is_template,
        )


class Item(NamedTuple):
    """An element, with its key when that is a literal."""

    value: Value
    key: str | int | None = None

    def perhaps(self) -> Item:
        """The same, on some paths only."""
        return Item(one_of([settled(self.value), UNKNOWN]), self.key)


class Content(NamedTuple):
    """What a holder holds at a point of the code.

    Loops are followed for two turns: two elements that a loop added stand for any number of them.
    """

    items: tuple[Item, ...] = ()
    is_exact: bool = True
    """Whether these are its elements, and not some that stand for all."""
    is_lost: bool = False
    """Whether other code has it."""

    def meet(self, other: Content) -> Content:
        """What is known where two paths meet."""
        if self is other:
            return self
        is_lost = self.is_lost or other.is_lost
        if self.items == other.items:
            return Content(self.items, self.is_exact and other.is_exact, is_lost)
        mine, theirs = {item.value for item in self.items}, {item.value for item in other.items}
        items = [item if item.value in theirs else item.perhaps() for item in self.items]
        items.extend(item.perhaps() for item in other.items if item.value not in mine)
        return Content(tuple(items), is_exact=False, is_lost=is_lost)

    def weakened(self) -> Content:
        """What is known once elements were taken away."""
        return Content(tuple(item.perhaps() for item in self.items), is_exact=False, is_lost=self.is_lost)

    def values(self) -> Iterator[Value]:
        """The elements."""
        return (item.value for item in self.items)


def meet_values(one: Mapping[str, Value], other: Mapping[str, Value]) -> Mapping[str, Value]:
    """The fields of a configuration where two paths meet."""
    if one is other:
        return one
    names = [*one, *(name for name in other if name not in one)]
    return {name: one_of([one.get(name, UNKNOWN), other.get(name, UNKNOWN)]) for name in names}
