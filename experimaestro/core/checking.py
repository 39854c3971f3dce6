"""Whether a parameter can take a value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from experimaestro.core.algebra import UnsupportedTypeError, type_of
from experimaestro.core.callers import SourceLine
from experimaestro.core.composites import UnionType
from experimaestro.core.generics import given_type, have_common_class
from experimaestro.core.state import Argument, ConfigState, Configuration, ObjectType, Type, configurations
from experimaestro.core.values import InvalidValueError, VariableType, describe
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


class TypeConflictError(ExperimaestroError, TypeError):
    """Parameters that share a type variable have values of unrelated types."""

    def __init__(self, state: ConfigState, values: Mapping[str, object], variable: TypeVar) -> None:
        found = ", ".join(f"{name} is {describe(value)}" for name, value in values.items())
        super().__init__(f"{variable} stands for one type in a {state.xpmtype.name()}: {found}")


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
        variable = _variable(argument.type)
        if variable is not None:
            _check_given(state, argument, variable, value, place)
            _check_variable(state, argument.name, variable, value)
    return value


def _variable(declared: Type) -> TypeVar | None:
    """The type variable that a parameter is declared with, None being another choice or not."""
    only = declared.concrete[0] if isinstance(declared, UnionType) and len(declared.concrete) == 1 else declared
    return only.variable if isinstance(only, VariableType) else None


def _check_given(
    state: ConfigState,
    argument: Argument,
    variable: TypeVar,
    value: Any,  # Any: the values of users
    place: SourceLine | None,
) -> None:
    """A class such as ``IntBox(Box[int])`` says what the variable of its base stands for."""
    expected = given_type(state.xpmtype.originaltype, argument.objecttype.originaltype, variable)
    if expected is None:
        return
    try:
        type_of(expected).convert(value)  # which is kept as it is: identifiers rest on it
    except UnsupportedTypeError:  # for the user's own methods, perhaps: it says nothing of parameters
        return
    except InvalidValueError as error:
        raise InvalidParameterError(state.xpmtype, argument.name, text_of(place or state.location), error) from None


def _check_variable(state: ConfigState, name: str, variable: TypeVar, value: object) -> None:
    """The values of the parameters that share a type variable have one class, or one of them has that of all."""
    values = {name: value}
    for argument in state.xpmtype.holding:
        known = state.values.get(argument.name)
        if known is not None and argument.name != name and _variable(argument.type) is variable:
            values[argument.name] = known
    if not have_common_class([_class_of(value) for value in values.values()]):
        raise TypeConflictError(state, values, variable)


def _class_of(value: object) -> type:
    return value.__xpm__.xpmtype.originaltype if isinstance(value, Configuration) else type(value)


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
