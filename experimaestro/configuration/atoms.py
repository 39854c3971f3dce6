"""Values that hold no others, structured strictly: nothing is converted that was not written as what is expected."""

from __future__ import annotations

from datetime import timedelta
from enum import Enum
from pathlib import Path
from types import NoneType
from typing import Any, Final, TypeAlias

from experimaestro.configuration.annotations import Annotation, is_choice, options, words
from experimaestro.configuration.errors import MismatchError
from experimaestro.configuration.quantities import LONGEST, duration, size
from experimaestro.configuration.tree import Plain
from experimaestro.configuration.written import WrittenText, forgotten
from experimaestro.exceptions import did_you_mean

Structured: TypeAlias = Any
"""An object whose type is known at run time only."""

SCALARS: Final = (bool, int, float, str, NoneType)


def kind_of(value: Plain) -> type:
    """The class of a value, that of a text which remembers its place included."""
    if isinstance(value, str):
        return str
    return dict if isinstance(value, dict) else type(value)


def structure_any(value: Plain, _: Annotation) -> Structured:
    """Any value of a file."""
    return forgotten(value)


def structure_scalar(value: Plain, kind: Annotation) -> Structured:
    """cattrs finds the hook of a class through its bases: an enumeration of texts comes here as well."""
    if is_choice(kind):
        return structure_choice(value, kind)
    if kind is float and type(value) is int:
        return _float(value)
    if kind is Path and isinstance(value, str) and value:
        return value.path() if isinstance(value, WrittenText) else Path(value)
    if kind_of(value) is kind and kind in SCALARS:
        return forgotten(value)
    if kind is Path or kind in SCALARS:
        raise MismatchError(value, kind, _advice(value, kind))
    return structure_unsupported(value, kind)


def _float(value: int) -> float:
    try:
        return float(value)
    except OverflowError as error:
        raise ValueError("found a number that is too large for a float") from error


def _advice(value: Plain, kind: Annotation) -> str:
    if kind in (str, Path) and isinstance(value, bool | int | float):
        return " (quote it)"
    if kind in (int, float) and isinstance(value, str) and value.lstrip("+-").replace(".", "", 1).isdecimal():
        return " (remove the quotes)"
    return ""


def structure_duration(value: Plain, kind: Annotation) -> Structured:
    """A duration, or a number of seconds."""
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= LONGEST:
        return timedelta(seconds=value)
    read = duration(value) if isinstance(value, str) else None
    if read is None:
        raise MismatchError(value, kind)
    return read


def structure_size(value: Plain, kind: Annotation) -> Structured:
    """A size, or a number of bytes."""
    read = size(value) if isinstance(value, str) else value
    if type(read) is not int or read < 0:
        raise MismatchError(value, kind)
    return read


def structure_choice(value: Plain, kind: Annotation) -> Structured:
    """One of the values that the type lists; a value comes before a name that is spelt like it."""
    choices = options(kind)
    for option in choices:
        if _is_meant(option.value if isinstance(option, Enum) else option, value):
            return option
    for option in choices:
        if isinstance(option, Enum) and option.name == value:
            return option
    known = [word for word in words(kind) if isinstance(word, str)]
    raise MismatchError(value, kind, did_you_mean(value, known) if isinstance(value, str) else "")


def _is_meant(option: object, value: Plain) -> bool:
    if isinstance(option, Enum):
        return _is_meant(option.value, value)
    return type(option) is kind_of(value) and option == value


def structure_unsupported(_: Plain, kind: Annotation) -> Structured:
    """Raises TypeError: no file can give a value of this type."""
    raise TypeError(unsupported(str(getattr(kind, "__name__", kind))))


def unsupported(name: str) -> str:
    """The words for a value of a type that no file can give."""
    return f"a value of type {name} cannot be given in a configuration file"
