"""Where the names of a unit get their values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple
from weakref import WeakKeyDictionary

from mypy import nodes as n
from mypy import patterns as p

from experimaestro_mypy.unit import Unit
from experimaestro_mypy.walk import walk


class Binding(NamedTuple):
    """One place where a name gets a value."""

    node: n.Node
    """The statement, the comprehension or the parameter."""
    value: n.Expression | None = None
    """What is assigned or looped over; None if it is something else."""
    target: n.Node | None = None
    """All that gets a value there at once: ``name, text`` in ``for name, text in ...``."""
    path: tuple[int, ...] = ()
    """Where the name stands in the target."""
    is_loop: bool = False

    @property
    def is_assignment(self) -> bool:
        """Whether it is a plain assignment."""
        return isinstance(self.node, n.AssignmentStmt)


class Bindings:
    """All bindings of a unit, by name."""

    def __init__(self, unit: Unit) -> None:
        self._by_name: dict[n.Var, list[Binding]] = {}
        for name, binding in _bindings(unit):
            self._by_name.setdefault(name, []).append(binding)

    def of(self, name: n.Var) -> list[Binding]:
        """The bindings of a name; none if it is of another unit."""
        return self._by_name.get(name, [])


def bindings_of(unit: Unit) -> Bindings:
    """The bindings of a unit."""
    known = _KNOWN.get(unit)
    if known is None:
        known = _KNOWN[unit] = Bindings(unit)
    return known


_KNOWN: Final[WeakKeyDictionary[Unit, Bindings]] = WeakKeyDictionary()


def _bindings(unit: Unit) -> Iterator[tuple[n.Var, Binding]]:
    for node in unit.nodes:
        if isinstance(node, n.AssignmentStmt):
            if not isinstance(node.rvalue, n.TempNode):  # ``name: str``
                for target in node.lvalues:
                    yield from _targets(node, target, node.rvalue)
        elif isinstance(node, n.ForStmt):
            yield from _targets(node, node.index, node.expr, is_loop=True)
        elif isinstance(node, (n.GeneratorExpr, n.DictionaryComprehension)):
            for index, sequence in zip(node.indices, node.sequences, strict=True):
                yield from _targets(node, index, sequence, is_loop=True)
        elif isinstance(node, n.Argument):
            yield node.variable, Binding(node, node.initializer)
        elif isinstance(node, _OTHERS):
            yield from ((name, Binding(node)) for name in _changed(node))


def _targets(
    node: n.Node, target: n.Node, value: n.Expression, *, is_loop: bool = False
) -> Iterator[tuple[n.Var, Binding]]:
    waiting: list[tuple[n.Node, tuple[int, ...] | None]] = [(target, ())]
    while waiting:
        part, path = waiting.pop()
        if isinstance(part, n.NameExpr) and isinstance(part.node, n.Var):
            known = Binding(node, value, target, path, is_loop) if path is not None else Binding(node, None, target)
            yield part.node, known
        elif isinstance(part, n.StarExpr):
            waiting.append((part.expr, None))
        elif isinstance(part, (n.TupleExpr, n.ListExpr)):
            has_star = any(isinstance(item, n.StarExpr) for item in part.items)
            for index, item in enumerate(part.items):
                waiting.append((item, None if has_star or path is None else (*path, index)))


_OTHERS: Final = (
    n.OperatorAssignmentStmt,
    n.WithStmt,
    n.TryStmt,
    n.DelStmt,
    n.AssignmentExpr,
    p.AsPattern,
    p.StarredPattern,
    p.MappingPattern,
)


def _changed(node: n.Node) -> Iterator[n.Var]:
    """What else a node binds."""
    for part in _parts(node):
        for inside in walk(part):
            if isinstance(inside, n.NameExpr) and isinstance(inside.node, n.Var):
                yield inside.node


def _parts(node: n.Node) -> Iterable[n.Node]:
    match node:
        case n.OperatorAssignmentStmt():
            found: list[n.Node | None] = [node.lvalue]
        case n.WithStmt():
            found = [*node.target]
        case n.TryStmt():
            found = [*node.vars]
        case n.DelStmt():
            found = [node.expr]
        case n.AssignmentExpr():
            found = [node.target]
        case p.AsPattern():
            found = [node.name]
        case p.StarredPattern():
            found = [node.capture]
        case p.MappingPattern():
            found = [node.rest]
        case _:
            found = []
    return [part for part in found if part is not None]
