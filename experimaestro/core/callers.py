"""The code that called us: the line that an error names, the names that an annotation can use."""

from __future__ import annotations

import sys
from types import FrameType

SourceLine = tuple[str, int]
"""File and line."""


def caller(levels: int) -> SourceLine:
    """Where the function that asks was called from, so many levels above."""
    frame = _frame(levels)
    return frame.f_code.co_filename, frame.f_lineno


def user_line() -> SourceLine:
    """The nearest line of code that is not ours: where a class is defined, or first used."""
    frame = _frame(0)
    while frame.f_back is not None and str(frame.f_globals.get("__name__")).startswith("experimaestro."):
        frame = frame.f_back
    return frame.f_code.co_filename, frame.f_lineno


def names_of_caller(levels: int) -> dict[str, object]:
    """The local names there."""
    return _frame(levels).f_locals


def names_of_function(qualified_name: str) -> dict[str, object]:
    """The local names of a function that is being run; none if it is not."""
    frame: FrameType | None = _frame(0)
    while frame is not None:
        if frame.f_code.co_qualname == qualified_name:
            return dict(frame.f_locals)
        frame = frame.f_back
    return {}


def _frame(levels: int) -> FrameType:
    return sys._getframe(levels + 2)  # pyright: ignore[reportPrivateUsage]  # `inspect` gives it, ten times slower
