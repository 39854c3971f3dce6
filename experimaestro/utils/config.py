"""Kept for existing code: objects made from plain data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final, TypeVar

from experimaestro.configuration.reader import read
from experimaestro.configuration.tree import ConfigurationTree, MappingNode
from experimaestro.structuring import structure

__all__ = ["validate_attrs"]

T = TypeVar("T")

_SOURCE: Final = "data"
"""How messages name what has no file."""


def validate_attrs(cls: type[T], data: Any) -> T:  # Any: a dictionary of plain values
    """Makes an object of an attrs class from plain data, strictly.

    Raises TypeError when the data are no dictionary, ConfigurationError with all mistakes.
    """
    root = read(json.dumps(data, default=str), _SOURCE)
    if not isinstance(root, MappingNode):
        raise TypeError(f"found {data!r}, expected a dictionary with the fields of {cls.__qualname__}")
    return structure(ConfigurationTree(Path(_SOURCE), root), cls, keep_paths=True)
