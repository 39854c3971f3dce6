"""The parameters in a configuration, at any depth: which there are, of what type, and a copy with others."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, get_type_hints

import attrs

from experimaestro.configuration.annotations import (
    Annotation,
    bare,
    element,
    fields,
    is_class,
    is_mapping,
    is_part,
    key_and_value,
)
from experimaestro.configuration.configs import parameters
from experimaestro.configuration.grids import Alternatives
from experimaestro.configuration.tree import ROOT, Key, KeyPath, dotted
from experimaestro.core.assignment import duplicate_configuration
from experimaestro.core.containers import is_dictionary, is_sequence
from experimaestro.core.copies import copyconfig
from experimaestro.core.state import Configuration
from experimaestro.exceptions import nearest_name

Value = Any
"""A value of a configuration, of any type."""


class Place(NamedTuple):
    """A parameter, and the type of its values."""

    path: KeyPath
    kind: Annotation


def inline(value: Value, path: KeyPath = ROOT) -> Iterator[tuple[KeyPath, Alternatives]]:
    """The parameters that hold values to try."""
    if isinstance(value, Alternatives):
        yield path, value
    else:
        for key, (inner, _) in _below(value, Any).items():
            yield from inline(inner, (*path, key))


def place_of(cfg: object, name: str) -> Place:
    """The parameter that a dotted path names.

    Raises LookupError with the words of the mistake.
    """
    value: Value = cfg
    kind: Annotation = type(cfg)
    path: KeyPath = ROOT
    words = name.split(".")
    for index, word in enumerate(words):
        below = _below(value, kind)
        key = _key(value, word)
        if key not in below:
            meant = dotted((*path, *_nearest(value, kind, words[index:])))
            hint = f"; did you mean {meant!r}?" if meant != dotted(path) else ""
            raise LookupError(f"no such parameter in {'null' if value is None else type(value).__name__}{hint}")
        value, kind = below[key]
        path = (*path, key)
    return Place(path, kind if is_part(kind) else bare(kind))


def _key(value: object, word: str) -> Key:
    return int(word) if is_sequence(value) and word.isdecimal() else word


def _nearest(value: Value, kind: Annotation, words: Sequence[str]) -> KeyPath:
    """The path that was perhaps meant, as far as there are names near the words."""
    if not words:
        return ROOT
    below = {str(key): key for key in _below(value, kind)}
    near = nearest_name(words[0], below)
    if near is None:
        return ROOT
    key = below[near]
    return (key, *_nearest(*_below(value, kind)[key], words[1:]))


def rebuilt(value: Value, chosen: Mapping[KeyPath, Value]) -> Value:
    """A deep copy with other values at some paths."""
    if ROOT in chosen:
        return copy.deepcopy(chosen[ROOT])
    below: dict[Key, dict[KeyPath, Value]] = {}
    for path, new in chosen.items():
        below.setdefault(path[0], {})[path[1:]] = new

    def inner(key: Key, item: Value) -> Value:
        return rebuilt(item, below.get(key, {}))

    if isinstance(value, Configuration):
        changes = {str(key): inner(key, value.__xpm__.values.get(str(key))) for key in below}
        return copyconfig(value, **changes) if changes else duplicate_configuration(value)
    if is_sequence(value):
        return type(value)(inner(index, item) for index, item in enumerate(value))
    if is_dictionary(value):
        return {key: inner(key, item) for key, item in value.items()}
    if _is_object(value):
        return type(value)(**{str(key): inner(key, item) for key, (item, _) in _below(value, Any).items()})
    return copy.deepcopy(value)


def _below(value: Value, kind: Annotation) -> Mapping[Key, tuple[Value, Annotation]]:
    """What a value holds, each with its type."""
    if isinstance(value, Configuration):
        declaration: Any = value.__xpm__.xpmtype.originaltype  # Any: type checkers know a base of Config only
        return {
            argument.name: (value.__xpm__.values.get(argument.name), annotation)
            for argument, annotation in parameters(kind, declaration)
        }
    if is_sequence(value):
        return {index: (item, element(bare(kind))) for index, item in enumerate(value)}
    if is_dictionary(value):
        inner = key_and_value(bare(kind))[1] if is_mapping(bare(kind)) else Any
        return {key: (item, inner) for key, item in value.items()}
    return _below_object(value) if _is_object(value) else {}


def _below_object(value: object) -> Mapping[Key, tuple[Value, Annotation]]:
    kinds = _annotations(type(value))
    return {key: (getattr(value, name), kinds[name]) for name, key in fields(type(value)).items()}


def _is_object(value: object) -> bool:
    return is_class(type(value))


def _annotations(cls: type) -> Mapping[str, Annotation]:
    if attrs.has(cls):
        return {field.name: field.type for field in attrs.fields(attrs.resolve_types(cls))}
    return get_type_hints(cls)
