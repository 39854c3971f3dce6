"""Whether a parameter can take a value."""

from __future__ import annotations

from typing import Any

from experimaestro.core.callers import SourceLine
from experimaestro.core.state import Argument, ConfigState, Configuration, ObjectType, configurations
from experimaestro.core.values import InvalidValueError
from experimaestro.exceptions import ExperimaestroError


class InvalidParameterError(ExperimaestroError, ValueError):
    """A parameter is given a value that does not fit."""

    def __init__(self, objecttype: ObjectType, name: str, place: str, error: InvalidValueError) -> None:
        super().__init__(f"Invalid value for parameter {name!r} of {objecttype.name()} (set at {place}): {error}")
        self.name = name
        self.found = error.found
        self.expected = error.expected


class GeneratedValuesError(ExperimaestroError, AttributeError):
    """A configuration whose generated paths belong to one task is given to another one."""

    def __init__(self, name: str, value: ConfigState) -> None:
        super().__init__(
            f"cannot set {name!r}: {value.xpmtype.name()} (built at {value.where()}) holds generated paths of another "
            "object; give its copy (copyconfig), or declare the parameter with field(ignore_generated=True)"
        )


def converted(
    state: ConfigState,
    argument: Argument,
    value: Any,  # Any: the values of users
    place: SourceLine | None,
) -> Any:  # Any: idem
    """The value that a parameter keeps.

    Raises InvalidParameterError, GeneratedValuesError.
    """
    try:
        value = argument.type.convert(value)
        if argument.checker is not None and not argument.checker.check(value):
            raise InvalidValueError(value, argument.checker.describe())
    except InvalidValueError as error:
        raise InvalidParameterError(state.xpmtype, argument.name, text_of(place or state.location), error) from None
    if not argument.type.plain:
        check_foreign(argument, value)
    return value


def check_foreign(argument: Argument, value: object) -> None:
    """Refuses configurations that bring generated values of another place.

    Raises GeneratedValuesError.
    """
    if argument.ignore_generated:
        return
    for state in (value.__xpm__,) if isinstance(value, Configuration) else configurations(value):
        if leaks(state):
            raise GeneratedValuesError(argument.name, state)


def leaks(state: ConfigState) -> bool:
    """Whether a configuration brings generated values of its place to the one that holds it."""
    return state.generated and state.task is None


def text_of(place: SourceLine | None) -> str:
    """A place as messages show it."""
    return f"{place[0]}:{place[1]}" if place else "<unknown>"
