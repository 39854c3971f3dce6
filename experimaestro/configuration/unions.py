"""Which of several types a value is: the one it names, the one it has, or the one that it fits.

A mapping names its class with ``$type: Name``, the name of the class alone. When several classes of a union have the
same name, it is ``$type: module:Name``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal, get_args

from experimaestro.configuration.annotations import (
    TYPE,
    Annotation,
    bare,
    is_choice,
    is_class,
    is_config,
    is_mapping,
    origin,
)
from experimaestro.configuration.atoms import Structured, kind_of
from experimaestro.configuration.configs import type_name
from experimaestro.configuration.containers import Structure, each
from experimaestro.configuration.errors import MismatchError
from experimaestro.configuration.faults import nearest
from experimaestro.configuration.tree import Key, Plain


def structure_union(value: Plain, kind: Annotation, structure: Structure) -> Structured:
    """The exact type first, then the class that is named, then what lists its values, then the others, mappings last.

    A mapping that fits several classes is refused: Python takes `A | B` and `B | A` for equal, so that their order
    is nothing to rest on.
    """
    members = get_args(kind)
    if kind_of(value) in members:
        exact: Any = kind_of(value)  # Any: known at run time
        return structure(value, exact)
    if isinstance(value, dict) and TYPE in value:
        known = tags(kind)
        if value[TYPE] in known.values() or not any(is_config(bare(member)) for member in members):
            return _structure_named(value, kind, structure)
    fitting, errors = _attempts(value, sorted(members, key=_rank), structure)
    _check_single([member for member, _ in fitting])
    if fitting:
        return fitting[0][1]
    raise nearest(errors) or MismatchError(value, kind, _hint(errors, members))


def tags(kind: Annotation) -> dict[Annotation, str]:
    """The name of each class of a union, as ``$type`` gives it."""
    classes = [bare(member) for member in get_args(kind) if is_class(bare(member))]
    uses = Counter(origin(cls).__name__ for cls in classes)
    return {cls: _tag(origin(cls), is_unique=uses[origin(cls).__name__] == 1) for cls in classes}


def is_ambiguous(kind: Annotation) -> bool:
    """Whether a mapping may be several of the types of a union."""
    return sum(is_class(bare(member)) or is_config(bare(member)) for member in get_args(kind)) > 1


def _tag(cls: type, *, is_unique: bool) -> str:
    return cls.__name__ if is_unique else f"{cls.__module__}:{cls.__qualname__}"


def _rank(member: Annotation) -> tuple[bool, bool]:
    return not is_choice(member), is_mapping(bare(member))


def _structure_named(value: Mapping[Key, Plain], kind: Annotation, structure: Structure) -> Structured:
    """A mapping that says which of the classes it is, by its name."""
    classes = {tag: member for member, tag in tags(kind).items()}
    words: Any = Literal[tuple(classes)] if classes else str  # Any: known at run time
    [tag] = each([(TYPE, value[TYPE], words)], kind, structure)
    given: Any = {key: item for key, item in value.items() if key != TYPE}  # Any: cattrs declares keys of text
    return structure(given, classes[tag] if classes else kind)


def _attempts(
    value: Plain, members: Iterable[Annotation], structure: Structure
) -> tuple[list[tuple[Annotation, Structured]], list[Exception]]:
    fitting: list[tuple[Annotation, Structured]] = []
    errors: list[Exception] = []
    for member in members:
        try:
            fitting.append((member, structure(value, member)))
        except Exception as error:  # noqa: BLE001  # classes of users raise what they like
            errors.append(error)
    return fitting, errors


def _hint(errors: Iterable[Exception], members: Iterable[Annotation]) -> str:
    """What one of the types advises; a number is no text that lacks quotes where numbers are taken."""
    takes_numbers = not {int, float}.isdisjoint(members)
    mismatches = [error for error in errors if isinstance(error, MismatchError)]
    hints = (error.hint for error in mismatches if not (takes_numbers and bare(error.kind) in (str, Path)))
    return next(filter(None, hints), "")


def _check_single(fitting: Iterable[Annotation]) -> None:
    classes = [origin(bare(member)) for member in fitting if is_class(bare(member)) or is_config(bare(member))]
    if len(classes) > 1:
        names = [cls.__name__ for cls in classes]
        advice = f"add {TYPE}: {type_name(classes[0]) if is_config(classes[0]) else names[0]}, or another of them"
        raise ValueError(f"found a mapping that fits {' and '.join(names)}, {advice}")
