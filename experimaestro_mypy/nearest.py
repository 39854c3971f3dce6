"""Names that were perhaps meant."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from experimaestro.exceptions import nearest_name

_SHOWN: Final = 8


def hint(name: str, known: Iterable[str]) -> str:
    """The end of a sentence on an unknown name: the nearest one, or all if they are few."""
    names = list(known)
    near = nearest_name(name, names)
    if near is not None:
        return f"; did you mean {near}?"
    if not names:
        return ": it has none"
    more = ", ..." if len(names) > _SHOWN else ""
    return f": it has {', '.join(names[:_SHOWN])}{more}"
