"""What the checks look at: the code of a function, or the top level of a module, with the types that mypy found."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple, TypeVar

from mypy import nodes as n
from mypy import types as t
from mypy.checker import TypeChecker
from mypy.errorcodes import ErrorCode
from mypy.options import Options

from experimaestro_mypy import configurations
from experimaestro_mypy.identifiers import Identifiers
from experimaestro_mypy.walk import children

NodeT = TypeVar("NodeT", bound=n.Node)


class Finding(NamedTuple):
    """A mistake, and where it is."""

    where: n.Context
    code: ErrorCode
    message: str
    also: tuple[int, ...] = ()
    """Other lines on which mypy says less of the same mistake."""


class Module:
    """A module whose types are known."""

    def __init__(
        self,
        file: n.MypyFile,
        checker: TypeChecker | None,
        modules: dict[str, n.MypyFile],
        options: Options,
        identifiers: Identifiers,
    ) -> None:
        self.file = file
        self.checker = checker
        """What holds the types of its expressions; None if nothing in it concerns the package."""
        self.modules = modules
        """All modules of the program, those read from the cache included."""
        self.options = options
        """Those of mypy, for this module."""
        self.untyped = 0
        """How many expressions were asked for of which mypy knows no type."""
        self.identifiers = identifiers

    @cached_property
    def units(self) -> list[Unit]:
        """Its top level, then its functions and methods."""
        return list(walk_units(self.file))

    def type_of(self, expression: n.Expression) -> t.ProperType | None:
        """The type of an expression; None if mypy did not visit it, as in unreachable code."""
        found = None if self.checker is None else self.checker.lookup_type_or_none(expression)
        if found is None:
            self.untyped += 1
            return None
        return t.get_proper_type(found)

    def is_typed(self, expression: n.Expression) -> bool:
        """Whether mypy knows the type of an expression."""
        return self.checker is not None and self.checker.lookup_type_or_none(expression) is not None

    @cached_property
    def _classes(self) -> list[n.ClassDef]:
        found = (definition for unit in self.units for definition in unit.of(n.ClassDef))
        return [definition for definition in found if configurations.is_configuration(definition.info)]

    def classes(self) -> list[n.ClassDef]:
        """The configuration classes that the module defines, nested ones included."""
        return self._classes


class Unit:
    """The code that mypy checks at once: a function with those nested in it, or the top level of a module."""

    def __init__(self, function: n.FuncDef | None, roots: list[n.Node]) -> None:
        self.function = function
        """None for the top level of a module, class bodies included."""
        self.nodes: list[n.Node] = []
        """All that stands in it, in the order of the text."""
        self._by_kind: dict[type[n.Node], list[n.Node]] = {}
        self._collect(roots)

    @property
    def functions(self) -> Iterator[n.FuncDef]:
        """The function, and those nested in it, such as the methods of local classes; none at the top level."""
        if self.function is not None:
            yield self.function
            yield from self.of(n.FuncDef)

    def of(self, kind: type[NodeT]) -> Iterator[NodeT]:
        """The nodes of a kind, in the order of the text."""
        kinds = [known for known in self._by_kind if issubclass(known, kind)]
        nodes = self._by_kind[kinds[0]] if len(kinds) == 1 else self.nodes if kinds else []
        return (node for node in nodes if isinstance(node, kind))

    def _collect(self, roots: list[n.Node]) -> None:
        stack = list(reversed(roots))
        while stack:
            node = stack.pop()
            self.nodes.append(node)
            self._by_kind.setdefault(type(node), []).append(node)
            if self.function is None and type(node) is n.FuncDef:
                continue
            inside = children(node)
            inside.reverse()
            stack.extend(inside)


def walk_units(file: n.MypyFile) -> Iterator[Unit]:
    """The units of a module: its top level, then its functions and methods."""
    top = Unit(None, list(file.defs))
    yield top
    for function in top.of(n.FuncDef):
        if not _is_generated(function):
            yield unit_of(function)


def _is_generated(function: n.FuncDef) -> bool:
    """Whether mypy made a method: it makes three of each configuration class, whose code is empty."""
    symbol = function.info.names.get(function.name) if function.info else None
    return symbol is not None and symbol.plugin_generated


def unit_of(function: n.FuncDef) -> Unit:
    """The unit of a function."""
    return Unit(function, [*function.arguments, function.body])
