"""Counter tokens: a number of units of something scarce, shared by all experiments of a machine."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from experimaestro._types import Need, TokenName
from experimaestro.workspace.tokens import CounterTokenDirectory

if TYPE_CHECKING:
    from experimaestro.core.config import Config

C = TypeVar("C", bound="Config")


@dataclass(frozen=True, slots=True)
class TokenDependency(Need):
    """Some units of a token, held while a job runs."""

    token: CounterToken
    count: int

    @property
    def name(self) -> TokenName:
        """How the token is told from the others."""
        return TokenName(str(self.token.path))


class CounterToken:
    """A number of units: a job that needs some starts when they are free, and holds them while it runs.

    Units are counted in a directory: all processes that name it share them.
    """

    def __init__(self, name: str, path: Path, count: int) -> None:
        self.name = name
        self.path = path
        self.directory = CounterTokenDirectory(path)
        self.directory.set_total(count)

    @classmethod
    def create(cls, name: str, path: Path, count: int) -> CounterToken:
        """Creates the token, or changes its number of units."""
        return cls(name, path, count)

    @property
    def total(self) -> int:
        """The number of units."""
        return self.directory.total()

    @property
    def available(self) -> int:
        """The number of units that nobody holds."""
        return self.directory.available()

    def dependency(self, count: int = 1) -> TokenDependency:
        """The need for some units, for ``task.add_dependencies(...)``.

        Raises TokenTooSmallError when there are not that many in all.
        """
        self.directory.check(count)
        return TokenDependency(self, count)

    def __call__(self, count: int, task: C) -> C:
        """Makes a task need some units; returns the task."""
        task.add_dependencies(self.dependency(count))
        return task
