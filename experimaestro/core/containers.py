"""The containers that a parameter can hold, typed for those who walk in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeGuard

Collection = list[Any] | tuple[Any, ...] | set[Any] | frozenset[Any]  # Any: the values of users
Dictionary = dict[Any, Any]  # Any: the values of users

_COLLECTIONS = (list, tuple, set, frozenset)


def is_collection(value: object) -> TypeGuard[Collection]:
    """Whether a value is a container of items."""
    return isinstance(value, _COLLECTIONS)


def is_sequence(value: object) -> TypeGuard[list[Any] | tuple[Any, ...]]:  # Any: the values of users
    """Whether a value is a container of items in a given order."""
    return isinstance(value, list | tuple)


def is_dictionary(value: object) -> TypeGuard[Dictionary]:
    """Whether a value is a dictionary."""
    return isinstance(value, dict)


def collected(like: Collection, items: Iterable[Any]) -> Collection:  # Any: the values of users
    """A new container of the same kind, with other items."""
    match like:
        case list():
            return list(items)
        case tuple():
            return tuple(items)
        case set():
            return set(items)
        case frozenset():
            return frozenset(items)


def rebuilt(value: Any, leaf: Callable[[Any], Any]) -> Any:  # Any: the values of users
    """A copy of a value: its containers are new, and `leaf` is applied to all that is no container."""
    if is_collection(value):
        return collected(value, [rebuilt(item, leaf) for item in value])
    if is_dictionary(value):
        return {rebuilt(key, leaf): rebuilt(item, leaf) for key, item in value.items()}
    return leaf(value)
