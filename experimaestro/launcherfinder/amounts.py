"""Memory and durations of requirements: what factories accept, and how they are written."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Final

from experimaestro.exceptions import HandledException, did_you_mean

MEMORY_UNITS: Final[Mapping[str, int]] = {"G": 10**9, "GiB": 2**30, "M": 10**6, "MiB": 2**20}
"""In bytes: what requirements are written with, the shortest first."""

DURATION_UNITS: Final[Mapping[str, int]] = {
    **dict.fromkeys(("h", "hour", "hours"), 3_600),
    **dict.fromkeys(("d", "day", "days"), 86_400),
    **dict.fromkeys(("m", "min", "mins"), 60),
}
"""In seconds: what requirements are written with."""

_SPOKEN_UNITS: Final[Mapping[str, int]] = {
    **DURATION_UNITS,
    **dict.fromkeys(("minute", "minutes"), 60),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), 1),
    **dict.fromkeys(("w", "week", "weeks"), 604_800),
}
_PREFIXES: Final = "KMGTP"
_NUMBER: Final = r"([0-9]{1,12}(?:\.[0-9]{1,6})?)"

# Compiled when they are used: requirements are imported where few are read.
_SIZE: Final = rf"\s*{_NUMBER}\s*(?:([kmgtp])(i?)b?)?\s*"
_TIMESPAN_PART: Final = rf"{_NUMBER}\s*([a-zA-Z]+)"
_TIMESPAN: Final = rf"\s*(?:{_TIMESPAN_PART}\s*)+"


class InvalidAmountError(HandledException, ValueError):
    """A memory size, a duration or a number is not what a requirement can ask for."""

    def __init__(self, found: object, expected: str, hint: str = "") -> None:
        self.found = found
        self.expected = expected
        super().__init__(f"found {found!r}, expected {expected}{hint}")


def parse_memory(mem: str) -> int:
    """Returns the bytes that a text such as ``4G`` (4·10⁹) or ``4GiB`` (4·2³⁰) stands for.

    Raises InvalidAmountError, a ValueError: a number without unit is refused.
    """
    found = re.fullmatch(_SIZE, mem, re.IGNORECASE)
    if found is None:
        raise InvalidAmountError(mem, "a memory size such as '4G' or '4GiB'")
    number, prefix, binary = found.groups()
    if prefix is None:
        number = number.partition(".")[0]
        raise InvalidAmountError(mem, "a memory size with its unit", f" (such as '{number}G' or '{number}GiB')")
    base = 1024 if binary else 1000
    whole, _, fraction = number.partition(".")
    scale = math.prod([base] * (_PREFIXES.index(prefix.upper()) + 1))
    return int(whole + fraction) * scale // math.prod([10] * len(fraction))


def parse_timespan(text: str) -> int:
    """Returns the seconds, rounded up, that a text such as ``5h``, ``1h30m``, ``4 days`` or ``90`` stands for.

    Raises InvalidAmountError.
    """
    if re.fullmatch(r"[0-9]{1,12}", text.strip()):
        return int(text)
    if re.fullmatch(_TIMESPAN, text) is None:
        raise InvalidAmountError(text, "a duration such as '5h', '1h30m' or '4 days'")
    return math.ceil(sum(float(number) * _unit(unit, text) for number, unit in re.findall(_TIMESPAN_PART, text)))


def _unit(unit: str, text: str) -> int:
    if unit not in _SPOKEN_UNITS:
        raise InvalidAmountError(text, f"a duration in {', '.join(_SPOKEN_UNITS)}", did_you_mean(unit, _SPOKEN_UNITS))
    return _SPOKEN_UNITS[unit]


def memory_text(size: int) -> str:
    """Writes a number of bytes with the largest unit that needs no fraction; without any, in bytes (``B``)."""
    for unit, scale in MEMORY_UNITS.items():
        if size % scale == 0:
            return f"{size // scale}{unit}"
    return f"{size}B"


def duration_text(seconds: int) -> str:
    """Writes a duration with the largest unit that needs no fraction; without any, in seconds (``s``)."""
    for unit in ("d", "h", "m"):
        if seconds % DURATION_UNITS[unit] == 0:
            return f"{seconds // DURATION_UNITS[unit]}{unit}"
    return f"{seconds}s"
