"""Checks of a value beyond its type."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable


class Checker(ABC):
    """Accepts or refuses a value that has the right type."""

    @abstractmethod
    def check(self, value: object) -> bool:
        """Whether the value is accepted."""

    def describe(self) -> str:
        """What is accepted, as the end of the sentence "expected ..."."""
        return f"a value that {type(self).__name__} accepts"


class Choices(Checker):
    """Accepts the given values only."""

    def __init__(self, choices: Iterable[object]) -> None:
        self.choices = tuple(choices)

    def check(self, value: object) -> bool:
        return any(value == choice for choice in self.choices)

    def describe(self) -> str:
        return "one of " + ", ".join(repr(choice) for choice in self.choices)
