"""Names that were perhaps meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

_SHOWN: Final = 8


def hint(name: str, known: Iterable[str]) -> str:
    """The end of a sentence on an unknown name: the nearest one, or all if they are few."""
    names = list(known)
    close = get_close_matches(name, names, n=1)
    if close:
        return f"; did you mean {close[0]}?"
    if not names:
        return ": it has none"
    more = ", ..." if len(names) > _SHOWN else ""
    return f": it has {', '.join(names[:_SHOWN])}{more}"
