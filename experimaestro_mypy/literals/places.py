"""Where expressions stand in a unit: what is asked before they are evaluated, and which assignments reach them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from mypy import nodes as n
from mypy import types as t

from experimaestro_mypy.unit import Module, Unit
from experimaestro_mypy.walk import children, walk

_LEAVING = (n.ReturnStmt, n.RaiseStmt, n.BreakStmt, n.ContinueStmt)


class Places:
    """The code of a unit, with what stands around each part."""

    def __init__(self, module: Module, unit: Unit) -> None:
        self._module = module
        self._parents: dict[n.Node, n.Node] = {}
        for node in unit.nodes:
            if unit.function is None and isinstance(node, n.FuncDef):
                continue
            for child in children(node):
                self._parents[child] = node
        self._top: Sequence[n.Node] = module.file.defs if unit.function is None else [unit.function.body]

    def around(self, node: n.Node) -> Iterator[n.Node]:
        """A node, and all that it stands in, the innermost first."""
        here: n.Node | None = node
        while here is not None:
            yield here
            here = self._parents.get(here)

    def conditions(self, node: n.Node) -> Iterator[n.Expression]:
        """What is asked before a node is evaluated."""
        path = list(self.around(node))
        for inner in path:
            for statement in self._before(inner):
                yield from self._ways_out(statement)
        for inner, outer in pairwise(path):
            yield from _conditions(outer, inner)

    def _before(self, node: n.Node) -> Iterator[n.Node]:
        """The statements of the same block that stand before a statement."""
        block = self._block(node)
        if node in block:
            yield from block[: block.index(node)]

    def _block(self, node: n.Node) -> Sequence[n.Node]:
        parent = self._parents.get(node)
        return self._top if parent is None else parent.body if isinstance(parent, n.Block) else ()

    def _ways_out(self, statement: n.Node) -> Iterator[n.Expression]:
        """The conditions on which a statement ends the block that it stands in."""
        if isinstance(statement, n.AssertStmt):
            yield statement.expr
        elif isinstance(statement, (n.IfStmt, n.MatchStmt)):
            inside = list(walk(statement))
            if any(self._leaves(node) for node in inside if isinstance(node, n.Statement)):
                yield from (condition for node in inside for condition in _asked(node))

    def reaches(self, assignment: n.Node, use: n.Node, stores: Sequence[n.Node]) -> bool:
        """Whether what is assigned may still be the value of a name where it is used; False if in doubt."""
        using, here = list(self.around(use)), assignment
        while True:
            block = self._block(here)
            if here not in block:
                return False
            after = block[block.index(here) + 1 :]
            anchor = next((node for node in using if node in block), None)
            if anchor is not None:
                between = after[: after.index(anchor)] if anchor in after else None
                return between is not None and not self._ends(between, stores) and self._arrives(using, anchor, stores)
            if self._ends(after, stores):
                return False
            outer = self._statement_around(here)
            if outer is None:
                return False
            here = outer

    def loop_of(self, use: n.Node, loops: Sequence[n.Node], stores: Sequence[n.Node]) -> n.Node | None:
        """Of several loops that give a name its values, the one around its use, if nothing else in it assigns."""
        path = list(self.around(use))
        loop = next((node for node in path if node in loops), None)
        if not isinstance(loop, n.ForStmt) or loop.body not in path:
            return None
        return None if any(node in stores for node in walk(loop.body)) else loop

    def _statement_around(self, statement: n.Node) -> n.Node | None:
        outer = (node for node in self.around(statement) if node is not statement)
        found = next((node for node in outer if isinstance(node, n.Statement) and not isinstance(node, n.Block)), None)
        return None if isinstance(found, (n.FuncDef, n.ClassDef)) else found

    def _arrives(self, using: Sequence[n.Node], anchor: n.Node, stores: Sequence[n.Node]) -> bool:
        """Whether nothing is assigned between the beginning of a statement and a use inside it."""
        inner = using[: using.index(anchor)]
        return not any(self._ends(list(self._before(node)), stores) for node in inner)

    def _ends(self, statements: Iterable[n.Node], stores: Sequence[n.Node]) -> bool:
        return any(self._leaves(statement) or self._stores(statement, stores) for statement in statements)

    def _stores(self, statement: n.Node, stores: Sequence[n.Node]) -> bool:
        """Whether a statement certainly assigns, or leaves; what loops and attempts assign counts as certain."""
        if isinstance(statement, n.IfStmt):
            branches = [*statement.body, *([statement.else_body] if statement.else_body else [])]
            return statement.else_body is not None and all(self._ends(branch.body, stores) for branch in branches)
        return any(node in stores for node in walk(statement))

    def _leaves(self, statement: n.Node) -> bool:
        """Whether the code never goes on after a statement."""
        if isinstance(statement, n.ExpressionStmt) and isinstance(statement.expr, n.CallExpr):
            return isinstance(self._module.type_of(statement.expr), t.UninhabitedType)
        return isinstance(statement, _LEAVING)


def _conditions(outer: n.Node, inner: n.Node) -> Iterator[n.Expression]:
    """What decides in a node whether a part of it is evaluated."""
    if isinstance(outer, n.OpExpr):
        if outer.op in ("and", "or") and inner is outer.right:
            yield outer.left
    elif isinstance(outer, (n.GeneratorExpr, n.DictionaryComprehension)):
        yield from (condition for conditions in outer.condlists for condition in conditions)
    elif isinstance(outer, n.ConditionalExpr):
        if inner is not outer.cond:
            yield outer.cond
    elif isinstance(inner, n.Block):
        yield from _asked(outer)


def _asked(statement: n.Node) -> Iterator[n.Expression]:
    """The conditions of a statement."""
    if isinstance(statement, n.IfStmt):
        yield from statement.expr
    elif isinstance(statement, n.WhileStmt):
        yield statement.expr
    elif isinstance(statement, n.MatchStmt):
        yield statement.subject
        yield from (guard for guard in statement.guards if guard is not None)
