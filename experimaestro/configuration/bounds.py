"""What the validators of attrs ask for, as far as JSON Schema can say it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, TypeAlias, cast

Bounds: TypeAlias = "dict[str, int | float]"
"""Keywords of JSON Schema, each of which concerns one type of values."""

_COMPARISONS: Final = {">=": "minimum", ">": "exclusiveMinimum", "<=": "maximum", "<": "exclusiveMaximum"}


def bounds(validator: object) -> Bounds:
    """The bounds of `ge`, `gt`, `le`, `lt`, `min_len` and `max_len`, alone, together, or for optional values."""
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
    return {} if inner is None else bounds(inner)


def _merged(validators: Iterable[object]) -> Bounds:
    merged: Bounds = {}
    for validator in validators:
        merged |= bounds(validator)
    return merged
