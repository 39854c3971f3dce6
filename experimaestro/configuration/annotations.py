"""What the annotation of a field accepts, and the words for it and for what was found instead."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Iterable, Mapping, MutableMapping, MutableSequence, Sequence
from collections.abc import Set as AbstractSet
from datetime import timedelta
from enum import Enum
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, NewType, TypeAlias, Union, get_args, get_origin

import attrs
from typing_extensions import TypeAliasType, TypeIs

from experimaestro.configuration.quantities import ByteSize
from experimaestro.configuration.tree import Plain
from experimaestro.core.state import Argument, Declared

Annotation: TypeAlias = Any
"""What may stand in an annotation: Python has no type for it."""

COLLECTIONS: Final[Mapping[Annotation, Callable[[Iterable[object]], Collection[object]]]] = {
    list: list,
    Sequence: list,
    MutableSequence: list,
    Collection: list,
    Iterable: list,
    tuple: tuple,
    set: set,
    AbstractSet: frozenset,
    frozenset: frozenset,
}
"""What is written as a list, and what makes it."""

TYPE: Final = "$type"
"""The key that names the class of a mapping, where several are possible."""

TASK_IN_FILE: Final = "found a task, which only the plan can submit: leave this out, and set it in the plan"
"""What is said of a task that another configuration holds."""

_NAMES: Final[Mapping[Annotation, str]] = {
    NoneType: "null",
    Path: "path",
    Any: "anything",
    object: "anything",
    timedelta: "duration (such as 1h30m, or seconds)",
    ByteSize: "size (such as 4GiB, or bytes)",
}


def bare(kind: Annotation) -> Annotation:
    """The type without what only names or annotates it."""
    if origin(kind) is Annotated:
        return bare(get_args(kind)[0])
    if isinstance(kind, NewType) and not is_size(kind):
        return bare(kind.__supertype__)
    if isinstance(kind, TypeAliasType):
        return bare(kind.__value__)
    return NoneType if kind is None else kind


def is_size(kind: object) -> bool:
    """Whether the type is a size in bytes, which texts are accepted for."""
    return kind is ByteSize


def origin(kind: object) -> Annotation:
    """The class of a generic type, the type itself otherwise."""
    generic = get_origin(kind)
    return kind if generic is None else generic


def is_union(kind: Annotation) -> bool:
    return origin(kind) in (Union, UnionType)


def is_enum(kind: Annotation) -> TypeIs[type[Enum]]:
    return isinstance(kind, type) and issubclass(kind, Enum)


def is_choice(kind: Annotation) -> bool:
    """Whether the type lists its values."""
    return is_enum(kind) or origin(kind) is Literal


def is_class(kind: Annotation) -> bool:
    """Whether the type is written as a mapping of its fields."""
    cls = origin(kind)
    return isinstance(cls, type) and (attrs.has(cls) or dataclasses.is_dataclass(cls))


def is_config(kind: Annotation) -> bool:
    """Whether the type is written as a mapping of the parameters of a configuration."""
    return declaration(kind) is not None


def declaration(kind: Annotation) -> type[Declared] | None:
    """The configuration class that an annotation asks for."""
    cls: object = origin(kind)
    return cls if isinstance(cls, type) and issubclass(cls, Declared) else None


class Part:
    """Marks the type of what a configuration holds: a task there must have been submitted, which no file can do."""


def part(kind: Annotation) -> Annotation:
    """The type of what a configuration holds, marked."""
    return Annotated[kind, Part] if is_config(kind) else kind


def is_part(kind: Annotation) -> bool:
    return origin(kind) is Annotated and Part in get_args(kind)[1:]


def is_set_by_plan(kind: Annotation) -> bool:
    """Whether a parameter of this type may hold a task, which the plan submits."""
    declared = declaration(bare(kind)) if is_part(kind) else None
    if declared is not None:
        return declared.__getxpmtype__().is_task
    return any(map(is_set_by_plan, get_args(kind)))


def is_collection(kind: Annotation) -> bool:
    return origin(kind) in COLLECTIONS


def is_mapping(kind: Annotation) -> bool:
    return origin(kind) in (dict, Mapping, MutableMapping)


def is_fixed_tuple(kind: Annotation) -> bool:
    """Whether the type says how many values there are."""
    return origin(kind) is tuple and kind is not tuple and get_args(kind)[1:] != (...,)


def element(kind: Annotation) -> Annotation:
    """The type of the items of a collection."""
    return (*get_args(kind), Any)[0]


def key_and_value(kind: Annotation) -> tuple[Annotation, Annotation]:
    key, value = get_args(kind) or (Any, Any)
    return key, value


def options(kind: Annotation) -> Sequence[object]:
    """The values of a type that lists them."""
    return list(kind) if is_enum(kind) else get_args(kind)


def words(kind: Annotation) -> list[Plain]:
    """What is written for these values: a member of an enumeration whose value is no text by its name."""
    return [_word(option) for option in options(kind)]


def _word(option: Any) -> Plain:  # Any: Literal holds plain values and members of enumerations
    if isinstance(option, Enum):
        return option.value if isinstance(option.value, str) else option.name
    word: Plain = option
    return word


def fields(cls: type) -> dict[str, str]:
    """The names of the fields of a class that may be given, and the key of each."""
    declared = declaration(cls)
    if declared is not None:
        return {name: name for name, known in declared.__getxpmtype__().arguments.items() if settable(known)}
    if attrs.has(cls):
        return {field.name: field.alias for field in attrs.fields(cls) if field.init}
    return {field.name: field.name for field in dataclasses.fields(cls) if field.init}


def settable(argument: Argument) -> bool:
    """Whether a parameter of a configuration may be given."""
    return not argument.constant and argument.generator is None


def found(value: Plain) -> str:
    """The words for a value."""
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case str():
            return repr(value if len(value) <= 60 else f"{value[:59]}…")
        case list():
            return "a list"
        case dict():
            return "a mapping"
        case _:
            return repr(value)


def expected(kind: Annotation) -> str:
    """The words for a type."""
    kind = bare(kind)
    if is_union(kind):
        return " or ".join(expected(member) for member in get_args(kind))
    if is_choice(kind):
        return f"one of {', '.join(map(found, words(kind)))}"
    if is_fixed_tuple(kind):
        return f"list of {len(get_args(kind))} ({', '.join(map(expected, get_args(kind)))})"
    if is_collection(kind):
        return f"list of {expected(element(kind))}"
    if is_mapping(kind):
        return f"mapping of {' to '.join(map(expected, key_and_value(kind)))}"
    if is_class(kind) or is_config(kind):
        return f"mapping ({origin(kind).__name__})"
    return _NAMES[kind] if kind in _NAMES else str(getattr(kind, "__name__", kind))
