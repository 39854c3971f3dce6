"""The types of parameters that are made of others: containers and unions."""

from __future__ import annotations

import typing
from collections.abc import Callable, Hashable, Iterable
from typing import Any

from experimaestro.core.containers import is_collection, is_dictionary, is_sequence
from experimaestro.core.state import Configuration, Type
from experimaestro.core.values import InvalidValueError, NoneType, ScalarType


class SequenceType(Type):
    """list, set, frozenset, and tuples of any length; the items are of one type."""

    plain = False

    def __init__(self, container: Callable[[Iterable[Any]], Any], accepted: tuple[type, ...], item: Type) -> None:
        self.container = container
        self.accepted = accepted
        self.item = item
        self.ordered = not issubclass(set, accepted) and not issubclass(frozenset, accepted)

    @property
    def name(self) -> str:
        return f"{self.accepted[0].__name__}[{self.item.name}]"

    def convert(self, value: Any) -> Any:  # Any: the values of users
        if not _is_one_of(value, self.accepted):
            advice = f": write {self.accepted[0].__name__}(...)" if is_collection(value) else ""
            raise InvalidValueError(value, self.name + advice)
        if not self.ordered:
            _check_hashable(value, self.name)
        return self.container(self._items(value))

    def _items(self, value: Iterable[object]) -> Iterable[object]:
        convert = self.item.convert
        for index, item in enumerate(value):
            try:
                yield convert(item)
            except InvalidValueError as error:
                raise error.below(f"[{index}]" if self.ordered else "{...}") from None

    def restore(self, value: Any) -> Any:  # Any: the values of users
        return self.container(map(self.item.restore, value)) if is_collection(value) else value

    def matches(self, value: object) -> bool:
        return _is_one_of(value, self.accepted) and is_collection(value) and all(map(self.item.matches, value))


def _is_one_of(value: object, kinds: tuple[type, ...]) -> bool:
    """As isinstance, which tells type checkers that the value is an `object` when the classes are not known."""
    return isinstance(value, kinds)


def _check_hashable(items: Iterable[object], name: str) -> None:
    for item in items:
        if isinstance(item, Configuration) and not item.__xpm__.sealed:
            raise InvalidValueError(item, f"{name} of sealed configurations: use sealed_set(...)")


class TupleType(Type):
    """A tuple with a type for each item."""

    plain = False

    def __init__(self, items: tuple[Type, ...]) -> None:
        self.items = items

    @property
    def name(self) -> str:
        return f"tuple[{', '.join(item.name for item in self.items) or '()'}]"

    def convert(self, value: Any) -> Any:  # Any: the values of users
        if not self._fits(value):
            raise InvalidValueError(value, self.name)
        return tuple(self._convert(index, item) for index, item in enumerate(value))

    def _fits(self, value: object) -> bool:
        return is_sequence(value) and len(value) == len(self.items)

    def _convert(self, index: int, item: object) -> object:
        try:
            return self.items[index].convert(item)
        except InvalidValueError as error:
            raise error.below(f"[{index}]") from None

    def restore(self, value: Any) -> Any:  # Any: the values of users
        if not self._fits(value):
            return value
        return tuple(kind.restore(item) for kind, item in zip(self.items, value, strict=True))

    def matches(self, value: object) -> bool:
        if not is_sequence(value) or not isinstance(value, tuple) or len(value) != len(self.items):
            return False
        return all(kind.matches(item) for kind, item in zip(self.items, value, strict=True))


class DictType(Type):
    """A dictionary."""

    plain = False

    def __init__(self, key: Type, value: Type, accepted: type) -> None:
        self.key = key
        self.value = value
        self.accepted = accepted

    @property
    def name(self) -> str:
        return f"dict[{self.key.name}, {self.value.name}]"

    def convert(self, value: Any) -> Any:  # Any: the values of users
        if not _is_one_of(value, (self.accepted,)):
            raise InvalidValueError(value, self.name)
        return {self._key(key): self._value(key, item) for key, item in value.items()}

    def _key(self, key: object) -> Hashable:
        try:
            return typing.cast("Hashable", self.key.convert(key))  # it comes from a dictionary
        except InvalidValueError as error:
            raise error.below(f"[key {key!r}]") from None

    def _value(self, key: object, item: object) -> object:
        try:
            return self.value.convert(item)
        except InvalidValueError as error:
            raise error.below(f"[{key!r}]") from None

    def restore(self, value: Any) -> Any:  # Any: the values of users
        if not is_dictionary(value):
            return value
        return {self._restored_key(key): self.value.restore(item) for key, item in value.items()}

    def _restored_key(self, key: object) -> object:
        """JSON turns the keys of dictionaries into text."""
        if not isinstance(key, str) or not isinstance(self.key, ScalarType):
            return self.key.restore(key)
        if self.key.kind is bool:
            return key in ("true", "True")
        return self.key.kind(key)

    def matches(self, value: object) -> bool:
        if not is_dictionary(value):
            return False
        return all(self.key.matches(key) and self.value.matches(item) for key, item in value.items())


class UnionType(Type):
    """One of several types: the one that the value has exactly, else the first that accepts it."""

    def __init__(self, members: tuple[Type, ...]) -> None:
        self.members = members
        self.plain = all(member.plain for member in members)
        self.concrete = tuple(member for member in members if not isinstance(member, NoneType))
        self.optional = len(self.concrete) < len(members)

    @property
    def name(self) -> str:
        return " | ".join(member.name for member in self.members)

    def convert(self, value: Any) -> Any:  # Any: the values of users
        if value is None and self.optional:
            return None
        exact = next((member for member in self.members if member.matches(value)), None)
        candidates = self.concrete if exact is None else (exact,)
        for member in candidates[:-1]:
            try:
                return member.convert(value)
            except InvalidValueError:
                continue
        try:
            return candidates[-1].convert(value)
        except InvalidValueError as error:
            if len(self.concrete) == 1 and error.path:
                raise
            raise InvalidValueError(value, self.name) from None

    def restore(self, value: Any) -> Any:  # Any: the values of users
        for member in sorted(self.members, key=lambda member: not member.matches(value)):
            try:
                return member.convert(member.restore(value))
            except (InvalidValueError, ValueError):
                continue
        return value

    def matches(self, value: object) -> bool:
        return any(member.matches(value) for member in self.members)
