"""Comparing configurations, and showing them."""

from __future__ import annotations

from experimaestro.core.containers import is_dictionary, is_sequence
from experimaestro.core.identifier import identify
from experimaestro.core.state import ConfigState, Configuration


def is_equal(one: ConfigState, other: ConfigState) -> bool:
    """Whether two configurations have the same class and values; for sealed ones, the same identifier.

    Configurations that hold themselves are equal when no difference is found.
    """
    compared: set[tuple[int, int]] = set()
    pending: list[tuple[object, object]] = [(one.pyobject, other.pyobject)]
    while pending:
        left, right = pending.pop()
        if isinstance(left, Configuration) and isinstance(right, Configuration):
            pair = (id(left), id(right))
            if left is right or pair in compared:
                continue
            compared.add(pair)
            if not _same_object(left.__xpm__, right.__xpm__, pending):
                return False
        elif not _same_value(left, right, pending):
            return False
    return True


def _same_object(left: ConfigState, right: ConfigState, pending: list[tuple[object, object]]) -> bool:
    if left.xpmtype is not right.xpmtype:
        return False
    if left.sealed and right.sealed:
        return identify(left) == identify(right)
    if left.values.keys() != right.values.keys():
        return False
    pending.extend((value, right.values[name]) for name, value in left.values.items())
    return True


def _same_value(left: object, right: object, pending: list[tuple[object, object]]) -> bool:
    if is_sequence(left) and is_sequence(right):
        pending.extend(zip(left, right, strict=False))
        return isinstance(left, list) is isinstance(right, list) and len(left) == len(right)
    if is_dictionary(left) and is_dictionary(right):
        pending.extend((item, right.get(key)) for key, item in left.items())
        return left.keys() == right.keys()
    return bool(left == right)


def short_text(config: Configuration, max_depth: int) -> str:
    """The class and values of a configuration: ``module.Class(a=1, b=Other(...))``."""
    return _text(config, max_depth, frozenset(), qualified=True)


def _text(value: object, depth: int, owners: frozenset[int], *, qualified: bool = False) -> str:
    if isinstance(value, Configuration):
        return _object_text(value.__xpm__, depth, owners, qualified=qualified)
    if is_sequence(value):
        items = ", ".join(_text(item, depth, owners) for item in value)
        return f"[{items}]" if isinstance(value, list) else f"({items})"
    if is_dictionary(value):
        return f"{{{', '.join(f'{key!r}: {_text(item, depth, owners)}' for key, item in value.items())}}}"
    return repr(value)


def _object_text(state: ConfigState, depth: int, owners: frozenset[int], *, qualified: bool) -> str:
    declaration = state.xpmtype.originaltype
    name = f"{declaration.__module__}.{declaration.__qualname__}" if qualified else declaration.__qualname__
    if id(state) in owners or depth == 0:
        return "..." if id(state) in owners else f"{name}(...)"
    below = owners | {id(state)}
    values = ", ".join(f"{key}={_text(value, depth - 1, below)}" for key, value in state.values.items())
    return f"{name}({values})"
