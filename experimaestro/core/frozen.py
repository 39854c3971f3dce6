"""Containers of sealed configurations: they cannot be changed, as the identifier would not follow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from experimaestro.core.containers import is_collection, is_dictionary, is_sequence, rebuilt
from experimaestro.exceptions import ExperimaestroError


class SealedContainerError(ExperimaestroError, TypeError):
    """A list, set or dictionary of a sealed configuration is changed."""

    def __init__(self, kind: str) -> None:
        super().__init__(
            f"this {kind} belongs to a configuration that was sealed or submitted, and cannot be changed: "
            f"change a copy, copyconfig(config, parameter={kind}(...))"
        )


class SealedList(list[Any]):  # Any: the values of users
    """A list that cannot be changed; its copies can."""

    if not TYPE_CHECKING:  # for type checkers, a list like any other

        def _refuse(self, *_: object, **__: object) -> NoReturn:
            raise SealedContainerError("list")

        append = clear = extend = insert = pop = remove = reverse = sort = _refuse
        __setitem__ = __delitem__ = __iadd__ = __imul__ = _refuse

    def __reduce__(self) -> tuple[type[list[Any]], tuple[list[Any]]]:  # Any: the values of users
        return list, (list(self),)


class SealedDict(dict[Any, Any]):  # Any: the values of users
    """A dictionary that cannot be changed; its copies can."""

    if not TYPE_CHECKING:  # idem

        def _refuse(self, *_: object, **__: object) -> NoReturn:
            raise SealedContainerError("dict")

        clear = pop = popitem = setdefault = update = __setitem__ = __delitem__ = __ior__ = _refuse

    def __reduce__(self) -> tuple[type[dict[Any, Any]], tuple[dict[Any, Any]]]:  # Any: the values of users
        return dict, (dict(self),)


class SealedSet(set[Any]):  # Any: the values of users
    """A set that cannot be changed; its copies can."""

    if not TYPE_CHECKING:  # idem

        def _refuse(self, *_: object, **__: object) -> NoReturn:
            raise SealedContainerError("set")

        add = clear = discard = pop = remove = update = _refuse
        difference_update = intersection_update = symmetric_difference_update = _refuse
        __iand__ = __ior__ = __isub__ = __ixor__ = _refuse

    def __repr__(self) -> str:
        return repr(set(self))

    def __reduce__(self) -> tuple[type[set[Any]], tuple[set[Any]]]:  # Any: the values of users
        return set, (set(self),)


def frozen(value: Any) -> Any:  # Any: the values of users
    """A value whose containers cannot be changed."""
    if is_dictionary(value):
        return SealedDict({key: frozen(item) for key, item in value.items()})
    if is_sequence(value):
        items = map(frozen, value)
        return SealedList(items) if isinstance(value, list) else tuple(items)
    return SealedSet(value) if is_collection(value) and isinstance(value, set) else value


def thawed(value: Any) -> Any:  # Any: the values of users
    """A copy of a value whose containers can be changed."""
    return rebuilt(value, lambda item: item)
