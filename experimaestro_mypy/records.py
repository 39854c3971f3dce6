"""What the plugin keeps of a configuration class: plain values, stored in mypy's cache with the class."""

from __future__ import annotations

from enum import Enum
from typing import Any, NamedTuple, Self


class Kind(Enum):
    """The kinds of annotated attributes."""

    PARAM = "param"
    META = "meta"
    CONSTANT = "constant"
    DATA = "data"
    UNKNOWN = "unknown"
    """The annotation is a name that could not be followed: perhaps a parameter."""


class Parameter(NamedTuple):
    """A parameter, as one class declares it."""

    name: str
    kind: Kind
    line: int
    column: int
    has_default: bool = False
    """Whether it has a value when none is given: a bare value or what `field` says."""
    has_field: bool = False
    is_generated: bool = False
    """Whether a `PathGenerator` makes its value."""
    path: str | None = None
    """The path that is generated in the directory of the task, when it is a literal."""
    overrides: bool = False
    choices: tuple[Any, ...] | None = None  # Any: strings, numbers or booleans, those of `Choices`
    groups: tuple[str, ...] = ()
    """The groups it belongs to, by name, those that are literal."""
    outermost: str | None = None
    """How to write its type, where the kind stands inside another type: ``Optional[Param[int]]`` is refused."""

    @property
    def is_settable(self) -> bool:
        """Whether a plan gives its value."""
        return self.kind is not Kind.CONSTANT

    @property
    def is_required(self) -> bool:
        """Whether a plan must give its value."""
        return self.kind in (Kind.PARAM, Kind.META, Kind.DATA) and not self.has_default and not self.is_generated


class Record(NamedTuple):
    """What one class declares, its parents left out."""

    parameters: tuple[Parameter, ...] = ()
    plain: tuple[str, ...] = ()
    """Annotated attributes which are no parameters."""
    values: tuple[str, ...] = ()
    """Attributes that have a value and are no parameters: no defaults, whatever their parents declare."""
    identifier: str | None = None
    """What ``__xpmid__`` says, when it is a literal."""
    line: int = 0
    outputs: tuple[tuple[str, str], ...] = ()
    """The parameters that `task_outputs` gives, each with the attribute of the task that it gets, or an empty text."""
    is_value: bool = False
    """Whether it is registered as a value class: plans may make instances of it."""

    def to_json(self) -> dict[str, Any]:  # Any: what `TypeInfo.metadata` holds
        """The record as JSON."""
        parameters = [[*parameter._replace(kind=parameter.kind.value)] for parameter in self.parameters]  # type: ignore[arg-type]  # the value of the enumeration is its form in JSON
        return self._replace(parameters=parameters)._asdict()  # type: ignore[arg-type]  # lists stand for tuples in JSON

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:  # Any: see to_json
        """The record that `to_json` wrote."""
        parameters = tuple(_parameter(row) for row in data["parameters"])
        plain, values = tuple(data["plain"]), tuple(data["values"])
        outputs = tuple((name, path) for name, path in data["outputs"])
        return cls(parameters, plain, values, data["identifier"], data["line"], outputs, data["is_value"])


def _parameter(row: list[Any]) -> Parameter:  # Any: see Record.to_json
    read = Parameter(*row)
    choices = None if read.choices is None else tuple(read.choices)
    return read._replace(kind=Kind(row[1]), choices=choices, groups=tuple(read.groups))
