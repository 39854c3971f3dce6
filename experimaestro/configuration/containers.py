"""Lists and mappings: their items are structured one by one, and the mistakes of all are told."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias, TypeVar, get_args

from cattrs.errors import IterableValidationError, IterableValidationNote

from experimaestro.configuration.annotations import (
    COLLECTIONS,
    Annotation,
    element,
    expected,
    is_fixed_tuple,
    key_and_value,
    origin,
)
from experimaestro.configuration.atoms import Structured
from experimaestro.configuration.errors import KeyNote, MismatchError
from experimaestro.configuration.tree import Plain

E = TypeVar("E", bound=Exception)

Structure: TypeAlias = Callable[[Plain, Annotation], Any]
"""Makes the value of an annotation. Any: of any type."""


def structure_collection(value: Plain, kind: Annotation, structure: Structure) -> Structured:
    """The collection that a list stands for."""
    if not isinstance(value, list):
        raise MismatchError(value, kind)
    kinds = get_args(kind) if is_fixed_tuple(kind) else [element(kind)] * len(value)
    if len(kinds) != len(value):
        raise ValueError(f"found a list of {len(value)}, expected {expected(kind)}")
    items = [(index, item, kinds[index]) for index, item in enumerate(value)]
    return COLLECTIONS[origin(kind)](each(items, kind, structure))


def structure_mapping(value: Plain, kind: Annotation, structure: Structure) -> Structured:
    """The dictionary that a mapping stands for."""
    if not isinstance(value, dict):
        raise MismatchError(value, kind)
    key_kind, value_kind = key_and_value(kind)
    keys = each([(key, key, key_kind) for key in value], kind, structure, note=KeyNote)
    items = [(key, item, value_kind) for key, item in value.items()]
    return dict(zip(keys, each(items, kind, structure), strict=True))


def each(
    items: Iterable[tuple[Any, Plain, Annotation]],  # Any: cattrs declares texts and integers, and takes any key
    kind: Annotation,
    structure: Structure,
    *,
    note: type[IterableValidationNote] = IterableValidationNote,
) -> list[Structured]:
    """Structures items that stand at a key or an index, and raises the errors of all."""
    results: list[Structured] = []
    errors: list[Exception] = []
    for key, item, item_kind in items:
        try:
            results.append(structure(item, item_kind))
        except Exception as error:  # noqa: BLE001  # classes of users raise what they like
            errors.append(noted(error, key, item_kind, note=note))
    if errors:
        raise grouped(errors, kind)
    return results


def noted(
    error: E,
    key: Any,  # Any: cattrs declares texts and integers, and takes any key
    kind: Annotation,
    *,
    note: type[IterableValidationNote] = IterableValidationNote,
) -> E:
    """The error, which says at which key or index it is."""
    error.add_note(note(f"at {key!r}", key, kind))
    return error


def grouped(errors: list[Exception], kind: Annotation) -> IterableValidationError:
    """The errors below a value as one."""
    return IterableValidationError("invalid items", errors, kind)  # pyright: ignore[reportCallIssue]  # not `__new__`
