"""Everything that is wrong with a configuration, said at once."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import field, frozen
from cattrs.errors import IterableValidationNote

from experimaestro.configuration.annotations import Annotation, expected, fields, found, origin
from experimaestro.configuration.tree import ROOT, Key, KeyPath, Node, Plain, Position, dotted, plain
from experimaestro.exceptions import HandledException, nearest_name


@frozen
class Problem:
    """One mistake: what it is, the key it concerns, and where it was written."""

    message: str
    path: KeyPath = field(default=ROOT, kw_only=True)
    position: Position | None = field(default=None, kw_only=True)

    def __str__(self) -> str:
        key = dotted(self.path)
        where = "" if self.position is None else str(self.position)
        return ": ".join(part for part in (where, key, self.message) if part)


class ConfigurationError(HandledException):
    """A YAML file, or an option that changes it, is not what it should be: one line per mistake, in file order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=_place))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class MismatchError(ValueError):
    """A value is not of the expected type: both are named, and a hint may follow."""

    def __init__(self, value: Plain, kind: Annotation, hint: str = "") -> None:
        self.value = value
        self.kind = kind
        self.hint = hint
        super().__init__(self.message(found(value)))

    def message(self, written: str) -> str:
        return f"found {written}, expected {expected(self.kind)}{self.hint}"


class UnknownKeyError(ValueError):
    """A mapping has a key that is no field of its class."""

    def __init__(self, key: Key, cls: Annotation) -> None:
        known = fields(origin(cls)).values()
        self.nearest = nearest_name(str(key), known)
        hint = f" (known: {', '.join(known)})" if self.nearest is None else f"; did you mean {self.nearest!r}?"
        super().__init__(f"unknown key{hint}")


class KeyNote(IterableValidationNote):
    """The error is about the key, not its value."""


def unexpected(node: Node, wanted: str, path: KeyPath = ROOT) -> ConfigurationError:
    """The error of a value that is not what its place asks for."""
    return ConfigurationError(
        [Problem(f"found {found(plain(node))}, expected {wanted}", path=path, position=node.position)]
    )


def _place(problem: Problem) -> tuple[str, int, int]:
    source, line, column = problem.position or ("", None, None)
    return source, line or 0, column or 0
