"""What happens to configurations in the code of a plan: facts, of which the checks say whether they are mistakes."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple, TypeAlias

from mypy import nodes as n

from experimaestro_mypy.flow.values import Built, File, Life, Made


class Way(Enum):
    """How a configuration leaves the code that is followed."""

    RETURNED = "returned"
    PASSED = "passed"
    """To code of the same module."""
    STORED = "stored"
    """In an attribute, or a name, that code of the same module may read."""
    ELSEWHERE = "elsewhere"


class Given(NamedTuple):
    """A configuration becomes part of another one."""

    config: Built
    life: Life
    owner: Built | None
    parameter: str
    """Empty for an explicit dependency."""
    where: n.Context


class Spread(NamedTuple):
    """A dictionary gives a parameter, or what should be one, with ``**``."""

    config: Built
    name: str
    where: n.Context


class Submitted(NamedTuple):
    """A task is submitted. `life` is what was known before."""

    config: Built
    life: Life
    where: n.CallExpr


class Closed(NamedTuple):
    """A configuration is sealed, perhaps as part of another one. `life` is what was known before."""

    config: Built
    life: Life
    where: n.Context


class Left(NamedTuple):
    """A configuration can be seen by other code."""

    config: Built
    life: Life
    way: Way
    where: n.Context


class Ended(NamedTuple):
    """The code ends, and nothing else has the configuration."""

    config: Built
    life: Life
    is_named: bool
    """Whether it has or had a name, or is part of another one."""


class Assigned(NamedTuple):
    """A parameter of a configuration is assigned, whatever was done with that before."""

    config: Built
    name: str
    where: n.Context


class Written(NamedTuple):
    """A parameter is assigned to what may be sealed."""

    config: Built
    life: Life
    name: str
    where: n.Context


class Edited(NamedTuple):
    """A list or dictionary of a configuration is changed."""

    config: Built
    life: Life
    name: str
    where: n.Context


class Excluded(NamedTuple):
    """`setmeta` is called."""

    config: Built
    life: Life
    where: n.Context


class Looked(NamedTuple):
    """An attribute is read."""

    config: Built
    life: Life
    name: str
    where: n.Context


class Executed(NamedTuple):
    """`execute()` is called. The class is that of a configuration."""

    info: n.TypeInfo | None
    """None for a task of which the class is not known."""
    where: n.Context
    loader: str = ""
    """The function that read the configuration, if one did."""


class Mistaken(NamedTuple):
    """An instance is used as a configuration."""

    instance: Made
    action: str
    where: n.Context


class Opened(NamedTuple):
    """A file in the directory of a task is read. `life` is that of the task."""

    file: File
    life: Life
    where: n.Context


class Hashed(NamedTuple):
    """A configuration becomes an element of a set, or a key."""

    config: Built
    life: Life
    kind: str
    """``set`` or ``dict``."""
    where: n.Context
    is_search: bool = False
    """Whether it is only looked for."""


class Looped(NamedTuple):
    """A configuration is put inside itself."""

    config: Built
    name: str
    where: n.Context


class Side(NamedTuple):
    """One side of ``outer @ inner``."""

    info: n.TypeInfo
    is_exact: bool


class Composed(NamedTuple):
    """``outer @ inner``."""

    outer: Side
    inner: Side
    where: n.Context


Event: TypeAlias = (
    Given
    | Spread
    | Submitted
    | Closed
    | Left
    | Ended
    | Assigned
    | Written
    | Edited
    | Excluded
    | Looked
    | Executed
    | Mistaken
    | Opened
    | Hashed
    | Looped
    | Composed
)
