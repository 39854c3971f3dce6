"""Identifiers of configuration types, and of configurations."""

from __future__ import annotations

from typing import Final


class Identifier:
    """A dotted type identifier, always in lower case: ``Identifier("a").b["c"]("d")`` is ``a.b.c.d``.

    Given as ``__xpmid__``, it is inherited: subclasses share it.
    """

    __slots__ = ("name", "spelling")

    name: str
    spelling: str
    """The name as it was written: two that differ only in their case are likely to be meant as two."""

    def __init__(self, name: str) -> None:
        self.name = name.lower()
        self.spelling = name

    def __getattr__(self, part: str) -> Identifier:
        if part.startswith("__"):  # copy and pickle look for such names
            raise AttributeError(part)
        return self(part)

    def __getitem__(self, part: str) -> Identifier:
        return self(part)

    def __call__(self, part: str) -> Identifier:
        return Identifier(f"{self.spelling}.{part}")

    def __str__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return f"Identifier({self.name!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Identifier) and self.name == other.name

    def __hash__(self) -> int:
        return hash(self.name)


def type_identifier(declaration: type) -> Identifier:
    """The identifier of a class: its ``__xpmid__``, or its module and qualified name.

    A text counts for the class that holds it only; a class method is asked for each class; an `Identifier` is
    inherited.
    """
    given = getattr(declaration, "__xpmid__", None)
    if isinstance(given, Identifier):
        return given
    if isinstance(given, str):
        given = declaration.__dict__.get("__xpmid__")
    elif given is not None:
        given = given()
    return Identifier(str(given) if given is not None else f"{declaration.__module__}.{declaration.__qualname__}")


class ConfigIdentifier:
    """The identifier of a configuration."""

    __slots__ = ("all",)

    def __init__(self, digest: bytes) -> None:
        self.all: Final = digest
        """The 32 bytes of the digest."""

    @property
    def main(self) -> bytes:
        """The same bytes (a former distinction)."""
        return self.all

    def hex(self) -> str:
        """64 hexadecimal characters."""
        return self.all.hex()

    def __str__(self) -> str:
        return self.all.hex()

    def __repr__(self) -> str:
        return f"ConfigIdentifier({self})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ConfigIdentifier) and self.all == other.all

    def __hash__(self) -> int:
        return hash(self.all)
