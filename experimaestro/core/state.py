"""What is known of one configuration object: data only, the other modules of this room work on it."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from experimaestro.core.objecttype import Argument, ObjectType
    from experimaestro.ports import JobHandle


class ValueOrigin(str, Enum):
    """Who gave a parameter its value."""

    EXPLICIT = "explicit"
    DEFAULT = "default"
    GENERATED = "generated"
    DESERIALIZED = "deserialized"


class SetInfo(NamedTuple):
    """Where the value of a parameter comes from."""

    location: str
    """``<absolute path>:<line>``, ``<generated>`` or ``<loaded>``."""
    kind: ValueOrigin


class Declared:
    """Root of the classes that declare parameters."""

    @classmethod
    def __getxpmtype__(cls) -> ObjectType:
        """The type object of the class."""
        raise NotImplementedError(f"{cls.__qualname__} is not a configuration class")


class Configuration:
    """Root of configuration objects: what `X.C(...)` returns."""

    __xpm__: ConfigState


class ConfigState:
    """The state of one configuration object."""

    __slots__ = (
        "contextual",
        "dependencies",
        "generated",
        "identity",
        "init_tasks",
        "job",
        "loaded",
        "location",
        "meta",
        "origins",
        "own_tags",
        "pyobject",
        "sealed",
        "shared_tags",
        "stopped",
        "task",
        "validated",
        "values",
        "xpmtype",
    )

    def __init__(self, pyobject: Configuration, xpmtype: ObjectType, location: tuple[str, int] | None) -> None:
        self.pyobject = pyobject
        self.xpmtype = xpmtype
        self.location = location
        """File and line of the construction."""
        self.values: dict[str, Any] = {}  # Any: the values of users
        self.origins: dict[str, tuple[str, int] | ValueOrigin] = {}
        """For each explicit value set after the construction, where; for the others, how."""
        self.meta: bool | None = None
        self.sealed = False
        self.validated = False
        self.loaded = False
        """Read from a file: it keeps the identifier written there."""
        self.generated = False
        """Holds generated values, here or below."""
        self.task: Configuration | None = None
        """The task that produces this object: itself, for a submitted task."""
        self.job: JobHandle | None = None
        self.init_tasks: list[Configuration] = []
        self.dependencies: list[object] = []
        self.identity: bytes | None = None
        """The digest, when it is settled."""
        self.contextual = False
        """The digest depends on the objects around: it is only valid for this object as a root."""
        self.own_tags: dict[str, tuple[object, str]] | None = None
        self.stopped: set[str | int] | None = None
        """Parameters (names) and initialization tasks (positions) whose tags are not collected."""
        self.shared_tags: dict[str, tuple[object, str]] | None = None
        """All tags collected here and below, once sealed."""

    def arguments(self) -> Iterator[tuple[Argument, Any]]:  # Any: the values of users
        """The parameters that have a value, in the order of declaration."""
        values = self.values
        for name, argument in self.xpmtype.arguments.items():
            if name in values:
                yield argument, values[name]

    @property
    def produced(self) -> bool:
        """Whether this is the output of a task, other than the task itself."""
        return self.task is not None and self.task is not self.pyobject

    @property
    def is_job(self) -> bool:
        """Whether this is a submitted task."""
        return self.task is self.pyobject

    def where(self) -> str:
        """The place of the construction, for messages."""
        return f"{self.location[0]}:{self.location[1]}" if self.location else "<loaded>"


def configurations(value: object) -> Iterator[ConfigState]:
    """The configurations in a value, not looking inside them: in lists, tuples, sets, and dictionaries."""
    match value:
        case Configuration():
            yield value.__xpm__
        case list() | tuple() | set() | frozenset():
            for item in value:
                yield from configurations(item)
        case dict():
            for key, item in value.items():
                yield from configurations(key)
                yield from configurations(item)
        case _:
            return
