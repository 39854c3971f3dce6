"""Everything that is wrong with a configuration, said at once."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import field, frozen

from experimaestro.configuration.annotations import found
from experimaestro.configuration.tree import ROOT, KeyPath, Node, Position, plain
from experimaestro.exceptions import HandledException


@frozen
class Problem:
    """One mistake: what it is, the key it concerns, and where it was written."""

    message: str
    path: KeyPath = field(default=ROOT, kw_only=True)
    position: Position | None = field(default=None, kw_only=True)

    def __str__(self) -> str:
        key = ".".join(str(part) for part in self.path)
        where = "" if self.position is None else str(self.position)
        return ": ".join(part for part in (where, key, self.message) if part)


class ConfigurationError(HandledException):
    """A YAML file, or an option that changes it, is not what it should be: one line per mistake, in file order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=_place))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def unexpected(node: Node, expected: str, path: KeyPath = ROOT) -> ConfigurationError:
    """The error of a value that is not what its place asks for."""
    return ConfigurationError(
        [Problem(f"found {found(plain(node))}, expected {expected}", path=path, position=node.position)]
    )


def _place(problem: Problem) -> tuple[str, int, int]:
    source, line, column = problem.position or ("", None, None)
    return source, line or 0, column or 0
