"""Durations and sizes, as people write them: ``1h30m``, ``4GiB``."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final, NewType

ByteSize = NewType("ByteSize", int)
"""A number of bytes, written ``512MiB``, ``4GB`` or ``1000``."""

LONGEST: Final = 10**12
"""In seconds, some 30,000 years: no calculation overflows."""

DURATION: Final = (
    r"(?=[0-9])(?:([0-9]{1,7}) ?d(?:ays?)? ?)?(?:([0-9]{1,8}) ?h(?:ours?)? ?)?"
    r"(?:([0-9]{1,9}) ?m(?:ins?)? ?)?(?:([0-9]{1,11}(?:\.[0-9]{1,6})?) ?s)?"
)
"""Regular expression, the same in Python and in JSON Schema."""

SIZE: Final = r"([0-9]{1,15}(?:\.[0-9]{1,6})?) ?([KMGTP]i?)?B?"
"""Regular expression, the same in Python and in JSON Schema."""

_PREFIXES: Final = "KMGTP"
_SECONDS: Final = (86_400, 3_600, 60)


def duration(text: str) -> timedelta | None:
    """Returns the duration that a text stands for, None if it is none."""
    found = re.fullmatch(DURATION, text)
    if found is None:
        return None
    *large, seconds = found.groups(default="0")
    total = sum(int(count) * unit for count, unit in zip(large, _SECONDS, strict=True))
    whole, _, fraction = seconds.partition(".")
    return timedelta(seconds=total + int(whole), microseconds=int(fraction.ljust(6, "0")) if fraction else 0)


def duration_text(value: timedelta) -> str:
    """Returns what `duration` reads.

    Raises ValueError for a negative duration, and for one that is too long.
    """
    if not timedelta() <= value <= timedelta(seconds=LONGEST):
        raise ValueError(f"found {value!r}, expected a duration between 0 and {LONGEST} seconds")
    hours, rest = divmod(value.seconds, 3_600)
    fraction = f".{value.microseconds:06}" if value.microseconds else ""
    parts = [f"{value.days}d", f"{hours}h", f"{rest // 60}m", f"{rest % 60}{fraction}s"]
    return "".join(part for part in parts if not re.fullmatch("0[dhms]", part)) or "0s"


def size(text: str) -> ByteSize | None:
    """Returns the number of bytes that a text stands for, None if it is none.

    ``K``, ``M``, ``G`` are powers of 1000 as in the requirements of launchers, ``Ki``, ``Mi``, ``Gi`` powers of 1024.
    """
    found = re.fullmatch(SIZE, text)
    if found is None:
        return None
    number, prefix = found.groups(default="")
    base = 1024 if prefix.endswith("i") else 1000
    scale = base ** (_PREFIXES.index(prefix[0]) + 1) if prefix else 1
    whole, _, fraction = number.partition(".")
    return ByteSize((int(whole + fraction) * scale) // 10 ** len(fraction))
