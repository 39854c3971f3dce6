"""Objects to the values that stand for them in a file: what is read again is the same object."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from enum import Enum
from types import NoneType
from typing import Any, Final, get_args

from experimaestro.configuration.annotations import (
    TYPE,
    Annotation,
    bare,
    element,
    expected,
    fields,
    is_class,
    is_collection,
    is_fixed_tuple,
    is_mapping,
    is_union,
    key_and_value,
    origin,
)
from experimaestro.configuration.atoms import SCALARS
from experimaestro.configuration.containers import Structure
from experimaestro.configuration.grids import Alternatives
from experimaestro.configuration.members import kinds
from experimaestro.configuration.tree import Key, Plain
from experimaestro.configuration.unions import is_ambiguous, tags
from experimaestro.configuration.written import forgotten
from experimaestro.core.state import Configuration

Unstructure = Callable[[object, Annotation], Plain]
"""The value that stands for an object; the annotation of its place tells which classes must be named."""

_COLLECTIONS: Final = (list, tuple, AbstractSet)


def form_of_scalar(value: Any) -> Plain:  # Any: texts and numbers, those that are members of an enumeration too
    """A plain value, that of a member of an enumeration; its name when a file cannot give that value."""
    if isinstance(value, Enum):
        return form_of_scalar(value.value) if isinstance(value.value, (*SCALARS, Enum)) else value.name
    return forgotten(value)


def form_in_place(value: object, kind: Annotation, structure: Structure, unstructure: Unstructure) -> Plain | None:
    """The form of a value whose place says more than its class; None when its class says all."""
    kind = bare(kind)
    items: Any = value  # Any: of all types
    if isinstance(value, Alternatives):
        return [unstructure(item, kind) for item in value.values]
    if is_union(kind):
        return _form_of_member(value, kind, structure, unstructure)
    if is_collection(kind) and isinstance(value, _COLLECTIONS):
        return form_of_items(items, kind, unstructure)
    if is_mapping(kind) and isinstance(value, Mapping):
        return form_of_mapping(items, kind, unstructure)
    if is_class(kind) and is_class(type(value)) and type(value) is not origin(kind):
        raise TypeError(f"{value!r} has no form in a configuration file that takes {expected(kind)}")
    return None


def form_of_items(value: Iterable[object], kind: Annotation, unstructure: Unstructure) -> Plain:
    """A list; that of a set in a stable order."""
    items = list(value)
    inner = get_args(kind) if is_fixed_tuple(kind) else [element(kind)] * len(items)
    forms = [unstructure(item, item_kind) for item, item_kind in zip(items, inner, strict=False)]
    return sorted(forms, key=repr) if isinstance(value, AbstractSet) else forms


def form_of_mapping(
    value: Mapping[Any, object],  # Any: keys are of all types that are written as a scalar
    kind: Annotation,
    unstructure: Unstructure,
) -> Plain:
    """A mapping."""
    key_kind, value_kind = key_and_value(kind)
    return {_key(unstructure(key, key_kind)): unstructure(item, value_kind) for key, item in value.items()}


def _key(form: Plain) -> Key:
    if isinstance(form, list | dict | None):
        raise TypeError(f"{form!r} cannot be a key of a configuration file: it has no form there")
    return form


def form_of_object(value: object, kind: Annotation, unstructure: Unstructure) -> Plain:
    """The mapping of the fields of an object."""
    cls = type(value)
    types = kinds(kind if origin(kind) is cls else cls)
    return {key: unstructure(getattr(value, name), types[name]) for name, key in fields(cls).items()}


def _form_of_member(value: object, kind: Annotation, structure: Structure, unstructure: Unstructure) -> Plain:
    """The form of one of several types, with the name of its class where a mapping may be several of them.

    Raises TypeError for what would be read as another type: a path, say, where a text may stand.
    """
    members = [bare(member) for member in get_args(kind) if bare(member) is not NoneType]
    member = next(
        (inner for inner in members if origin(inner) is type(value)), members[0] if len(members) == 1 else Any
    )
    form = unstructure(value, member)
    tag = tags(kind).get(member) if is_ambiguous(kind) else None
    if tag is not None and isinstance(form, dict):
        form = {TYPE: tag, **form}
    if len(members) > 1 and not isinstance(value, Configuration) and not _is_read_again(form, value, kind, structure):
        raise TypeError(f"{value!r} has no form in a configuration file that takes {expected(kind)}")
    return form


def _is_read_again(form: Plain, value: object, kind: Annotation, structure: Structure) -> bool:
    try:
        again = structure(form, kind)
    except Exception:  # noqa: BLE001  # classes of users raise what they like
        return False
    return type(again) is type(value) and (is_class(type(value)) or [again] == [value])  # in lists: nan is itself
