"""``outer @ inner``: setting a parameter by the type of its value."""

from __future__ import annotations

from experimaestro.core.composites import UnionType
from experimaestro.core.state import Argument, Configuration, Type
from experimaestro.core.values import ConfigType
from experimaestro.exceptions import ExperimaestroError


class CompositionError(ExperimaestroError, ValueError):
    """No parameter, or several, can take a configuration."""


def target_of(outer: Configuration, inner: Configuration) -> Argument:
    """Returns the only parameter of a configuration that is declared with a class of another one.

    Raises CompositionError.
    """
    objecttype = outer.__xpm__.xpmtype
    candidates = _candidates(outer, inner)
    if len(candidates) == 1:
        return candidates[0]
    taken = inner.__xpm__.xpmtype.name()
    if not candidates:
        raise CompositionError(
            f"No parameter of {objecttype.name()} accepts a {taken} configuration{_reversed(outer, inner)}"
        )
    names = ", ".join(argument.name for argument in candidates)
    raise CompositionError(f"Ambiguous composition: {names} of {objecttype.name()} accept a {taken} configuration")


def _candidates(outer: Configuration, inner: Configuration) -> list[Argument]:
    return [argument for argument in outer.__xpm__.xpmtype.arguments.values() if _accepts(argument.type, inner)]


def _reversed(outer: Configuration, inner: Configuration) -> str:
    if not _candidates(inner, outer):
        return ""
    return f": {inner.__xpm__.xpmtype.originaltype.__qualname__} holds the other one, write it on the left of @"


def _accepts(kind: Type, inner: Configuration) -> bool:
    if isinstance(kind, UnionType) and kind.optional and len(kind.concrete) == 1:
        return _accepts(kind.concrete[0], inner)
    return isinstance(kind, ConfigType) and kind.matches(inner)
