"""SHA-256, loaded when it is first used: the process of a job hashes nothing, and does not wait for OpenSSL."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Protocol


class _Hash(Protocol):
    def digest(self) -> bytes: ...


def sha256(data: bytes) -> bytes:
    """The 32 bytes of the SHA-256 of the data."""
    return _loaded()(data).digest()


@cache
def _loaded() -> Callable[[bytes], _Hash]:
    from hashlib import sha256  # some milliseconds: see above

    return sha256
