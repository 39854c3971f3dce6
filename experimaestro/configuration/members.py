"""The fields of a class of attrs or dataclasses: their keys, types, defaults and validators."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum
from typing import Any, Final, Protocol, TypeAlias, TypeVar, get_args, get_type_hints

import attrs
from typing_extensions import TypeIs

from experimaestro.configuration.annotations import Annotation, origin


class Required(Enum):
    """The absence of a default."""

    REQUIRED = "required"


REQUIRED: Final = Required.REQUIRED

Unsupported: TypeAlias = bytes
"""What no file can give."""


@attrs.frozen
class Member:
    """A field of a class that may be given."""

    name: str
    key: str
    kind: Annotation
    default: object
    validator: object


def members(kind: Annotation) -> Iterator[Member]:
    """The fields of a class that may be given; type variables stand for the arguments of the annotation."""
    cls: Any = origin(kind)  # Any: of attrs or dataclasses
    types = kinds(kind)
    if attrs.has(cls):
        for field in attrs.fields(cls):
            if field.init:
                default = _made(field.default.factory) if _is_factory(field.default) else field.default
                default = REQUIRED if default is attrs.NOTHING else default
                yield Member(field.name, field.alias, types[field.name], default, field.validator)
    else:
        for known in dataclasses.fields(cls):
            if known.init:
                yield Member(known.name, known.name, types[known.name], _dataclass_default(known), None)


def kinds(kind: Annotation) -> Mapping[str, Annotation]:
    """The types of the fields of a class, by name; type variables stand for the arguments of the annotation."""
    cls: type = origin(kind)
    names: tuple[TypeVar, ...] = getattr(cls, "__parameters__", ())
    variables: Mapping[TypeVar, Annotation] = dict(zip(names, get_args(kind), strict=False))
    return {name: _filled(inner, variables) for name, inner in _annotations(cls).items()}


def _annotations(cls: type) -> Mapping[str, Annotation]:
    if attrs.has(cls):
        return {field.name: field.type for field in attrs.fields(attrs.resolve_types(cls, include_extras=True))}
    return get_type_hints(cls, include_extras=True)


def _is_factory(default: object) -> TypeIs[_Factory]:
    return hasattr(default, "takes_self") and hasattr(default, "factory")


class _Factory(Protocol):
    factory: Callable[[], object]


def _made(factory: Callable[[], object]) -> object:
    """The default that a function makes; None when it needs the object."""
    try:
        return factory()
    except Exception:  # noqa: BLE001  # a default is only shown: what users' functions raise is no mistake of the class
        return None


def _dataclass_default(field: dataclasses.Field[object]) -> object:
    if field.default_factory is not dataclasses.MISSING:
        return _made(field.default_factory)
    return REQUIRED if field.default is dataclasses.MISSING else field.default


def _filled(kind: Annotation, variables: Mapping[TypeVar, Annotation]) -> Annotation:
    if isinstance(kind, TypeVar):
        return variables.get(kind, Unsupported)  # what cannot be given: such a field is refused
    free: Sequence[TypeVar] = getattr(kind, "__parameters__", ())
    return kind[tuple(variables.get(variable, Unsupported) for variable in free)] if free and get_args(kind) else kind
