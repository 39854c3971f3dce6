"""What the validators of attrs ask for, as far as JSON Schema can say it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import Enum
from typing import Final, TypeAlias, cast

Bounds: TypeAlias = "dict[str, int | float | str | list[bool | int | float | str | None]]"
"""Keywords of JSON Schema, each of which concerns one type of values."""

_COMPARISONS: Final = {">=": "minimum", ">": "exclusiveMinimum", "<=": "maximum", "<": "exclusiveMaximum"}


def bounds(validator: object) -> Bounds:
    """What `ge`, `gt`, `le`, `lt`, `min_len`, `max_len`, `in_` and `matches_re` ask, alone, together, or optionally."""
    both: object = getattr(validator, "_validators", None)
    if isinstance(both, tuple):
        return _merged(cast("Iterable[object]", both))
    bound: object = getattr(validator, "bound", None)
    if isinstance(bound, int | float):
        return {_COMPARISONS[str(getattr(validator, "compare_op", ""))]: bound}
    longest, shortest = getattr(validator, "max_length", None), getattr(validator, "min_length", None)
    if isinstance(longest, int):
        return {"maxLength": longest, "maxItems": longest, "maxProperties": longest}
    if isinstance(shortest, int):
        return {"minLength": shortest, "minItems": shortest, "minProperties": shortest}
    inner: object = getattr(validator, "validator", None)
    return _optional(bounds(inner)) if inner is not None else _words(validator)


def _optional(inner: Bounds) -> Bounds:
    """With null, which only what lists its values leaves out."""
    known = inner.get("enum")
    return {**inner, "enum": [*known, None]} if isinstance(known, list) else inner


def _words(validator: object) -> Bounds:
    pattern: object = getattr(validator, "pattern", None)
    if isinstance(pattern, re.Pattern):
        return _pattern(cast("re.Pattern[str]", pattern), getattr(validator, "match_func", None))
    try:
        known = list(cast("Iterable[object]", getattr(validator, "options", ())))
    except TypeError:  # `in_` takes all that has `in`
        return {}
    plain = [option for option in known if isinstance(option, bool | int | float | str | None)]
    is_plain = len(plain) == len(known) and not any(isinstance(option, Enum) for option in plain)
    return {"enum": plain} if known and is_plain else {}


def _pattern(pattern: re.Pattern[str], matches: object) -> Bounds:
    start = "" if getattr(matches, "__name__", "") == "search" else "^"
    end = "$" if getattr(matches, "__name__", "") == "fullmatch" else ""
    return {"pattern": f"{start}(?:{pattern.pattern}){end}"} if pattern.flags == re.UNICODE else {}


def _merged(validators: Iterable[object]) -> Bounds:
    merged: Bounds = {}
    for validator in validators:
        merged |= bounds(validator)
    return merged
