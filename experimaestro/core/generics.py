"""Generic configuration classes: ``class Box(Config, Generic[T])``, ``Param[Box[int]]``."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from types import UnionType
from typing import Any, ForwardRef, Generic, Protocol, TypeVar, Union, get_args, get_origin

Hint = Any  # Any: type hints have no type


def arguments_for(kind: type, generic: type) -> tuple[Hint, ...] | None:
    """The arguments that a class gives to a generic class that it derives from; None when it says nothing."""
    return next((arguments for base, arguments in _parametrised(kind, {}) if base is generic), None)


def given_type(kind: type, generic: type, variable: TypeVar) -> Hint | None:
    """What a class says that a type variable of a generic base stands for; None when it leaves it open."""
    known: Mapping[Hint, Hint] = dict(zip(_variables(generic), arguments_for(kind, generic) or (), strict=False))
    given: Hint = known.get(variable)
    return None if isinstance(given, TypeVar) or given is Any else given


def _parametrised(kind: type, known: Mapping[Hint, Hint]) -> Iterator[tuple[type, tuple[Hint, ...]]]:
    """The generic bases, with their arguments; `known` tells the type variables of the class."""
    for base in vars(kind).get("__orig_bases__", kind.__bases__):
        origin = get_origin(base) or base
        arguments = tuple(known.get(argument, argument) for argument in get_args(base))
        if isinstance(origin, type) and origin not in (Generic, Protocol):
            if arguments:
                yield origin, arguments
            yield from _parametrised(origin, dict(zip(_variables(origin), arguments, strict=False)))


def _variables(generic: type) -> Sequence[Hint]:
    return getattr(generic, "__parameters__", ())


def is_compatible(found: Hint, expected: Hint) -> bool:
    """Whether an argument fits the one that is declared. What is not concrete fits."""
    if found == expected or Any in (found, expected) or isinstance(found, TypeVar) or isinstance(expected, TypeVar):
        return True
    if _is_union(expected):
        return any(is_compatible(found, member) for member in get_args(expected))
    if _is_union(found):
        return all(is_compatible(member, expected) for member in get_args(found))
    if isinstance(found, type) and isinstance(expected, type) and not get_args(found) and not get_args(expected):
        return issubclass(found, expected)
    same = get_origin(found) == get_origin(expected) and len(get_args(found)) == len(get_args(expected))
    return same and all(map(is_compatible, get_args(found), get_args(expected)))


def bound_of(variable: TypeVar) -> object:
    """The bound of a type variable; None when there is none, or when its module does not know the name."""
    bound: object = variable.__bound__
    if isinstance(bound, ForwardRef):
        return getattr(sys.modules.get(variable.__module__), bound.__forward_arg__, None)
    return bound


def _is_union(hint: Hint) -> bool:
    origin: object = get_origin(hint)
    return origin is Union or origin is UnionType


def have_common_class(kinds: Sequence[type]) -> bool:
    """Whether one of the classes is a base of all the others, or is the same."""
    return any(all(issubclass(kind, base) for kind in kinds) for base in kinds)
