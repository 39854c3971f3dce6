"""The classes that an experiment uses: an identifier stands for one of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from experimaestro.core.state import ObjectType
from experimaestro.exceptions import ExperimaestroError


class DuplicateIdentifierError(ExperimaestroError, ValueError):
    """Two classes have the same identifier, and are used in one experiment."""

    def __init__(self, known: ObjectType, other: ObjectType) -> None:
        same = "" if known.identifier.spelling == other.identifier.spelling else ", in lower case"
        super().__init__(
            f"{known.name()} and {other.name()} have the same identifier, {str(known.identifier)!r}{same}: the results "
            f"of one would be taken for those of the other; give {other.originaltype.__qualname__} its own __xpmid__"
        )


_SCRIPT: Final = ("__main__", "_main_")
"""The names of the module of a script: where it is run, and where it is imported again."""


class Kinds:
    """The classes met so far, by identifier."""

    def __init__(self) -> None:
        self._known: dict[str, ObjectType] = {}

    def add(self, kinds: Iterable[ObjectType]) -> None:
        """Remembers classes.

        Raises DuplicateIdentifierError.
        """
        for kind in kinds:
            if not kind.deprecated:
                known = self._known.setdefault(kind.identifier.name, kind)
                if known is not kind and not _may_share(known, kind):
                    raise DuplicateIdentifierError(known, kind)


def _may_share(one: ObjectType, other: ObjectType) -> bool:
    """Whether it is one class, defined again, or both take the identifier of one base."""
    holder = _holder(one)
    return _home(one) == _home(other) or (holder is not None and holder is _holder(other))


def _home(kind: ObjectType) -> tuple[str, str]:
    declaration = kind.originaltype
    return _SCRIPT[0] if declaration.__module__ in _SCRIPT else declaration.__module__, declaration.__qualname__


def _holder(kind: ObjectType) -> type | None:
    """The class that says what the identifier is: an `Identifier`, or a class method, holds for subclasses too."""
    return next((base for base in kind.originaltype.__mro__ if "__xpmid__" in vars(base)), None)
