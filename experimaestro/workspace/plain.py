"""Plain data of files that may be missing, cut short or written by another release: what does not fit is absent."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeAlias, cast

Plain: TypeAlias = Mapping[str, object]


def load(path: Path | str) -> Plain | None:
    """Reads a JSON object; None if the file is missing, unreadable or holds something else."""
    try:
        return parse(Path(path).read_bytes())
    except OSError:
        return None


def parse(content: str | bytes) -> Plain | None:
    """Reads a JSON object; None if the content is something else."""
    try:
        return as_mapping(json.loads(content))
    except (ValueError, RecursionError):
        return None


def load_lines(path: Path) -> Iterator[Plain]:
    """Reads a file of one JSON object a line, without the lines that hold something else (one being written)."""
    try:
        with path.open("rb") as file:
            for line in file:
                value = parse(line)
                if value is not None:
                    yield value
    except OSError:
        return


def as_mapping(value: object) -> Plain | None:
    return cast("Plain", value) if isinstance(value, dict) else None  # the keys of a JSON object are text


def text(data: Plain, key: str) -> str | None:
    value = data.get(key)
    return value if isinstance(value, str) else None


def integer(data: Plain, key: str) -> int | None:
    value = data.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def number(data: Plain, key: str) -> float | None:
    value = data.get(key)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def flag(data: Plain, key: str) -> bool:
    return data.get(key) is True


def mapping(data: Plain, key: str) -> Plain:
    return as_mapping(data.get(key)) or {}


def items(data: Plain, key: str) -> list[object]:
    value = data.get(key)
    return cast("list[object]", value) if isinstance(value, list) else []  # any JSON value


def mappings(data: Plain, key: str) -> list[Plain]:
    return [found for found in map(as_mapping, items(data, key)) if found is not None]


def texts(data: Plain, key: str) -> tuple[str, ...]:
    return tuple(value for value in items(data, key) if isinstance(value, str))
