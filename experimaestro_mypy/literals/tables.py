"""Tables that nothing changes: literal dictionaries, lists and sets which the code only reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from mypy import nodes as n

from experimaestro_mypy import names
from experimaestro_mypy.unit import Module, Unit
from experimaestro_mypy.walk import children, walk

_READING: Final = ("items", "values", "keys", "get", "copy", "index", "count")
_READERS: Final = frozenset(
    f"builtins.{name}"
    for name in (
        *("len", "list", "tuple", "set", "frozenset", "dict", "sorted", "reversed", "iter"),
        *("enumerate", "zip", "min", "max", "sum", "any", "all", "print", "str", "repr"),
    )
)


def is_only_read(table: n.Var, units: Iterable[Unit]) -> bool:
    """Whether no code of these units may change a table."""
    for unit in units:
        uses = [name for name in unit.of(n.NameExpr) if name.node is table]
        if uses:
            changed = {node for parent in unit.nodes for node in _changed(parent)}
            reads = {node for parent in unit.nodes if parent not in changed for node in _read(parent)}
            if not reads.issuperset(uses):
                return False
    return True


def _changed(statement: n.Node) -> Iterator[n.Node]:
    """The items that a statement sets or removes, as in ``table[key] = ...``."""
    match statement:
        case n.AssignmentStmt():
            targets: list[n.Expression] = statement.lvalues
        case n.OperatorAssignmentStmt():
            targets = [statement.lvalue]
        case n.DelStmt():
            targets = [statement.expr]
        case _:
            targets = []
    yield from (node for target in targets for node in walk(target) if isinstance(node, n.IndexExpr))


def _read(parent: n.Node) -> list[n.Node]:
    """The parts of a node that it reads, and does not change."""
    match parent:
        case n.AssignmentStmt():  # where it gets its value
            return [name for target in parent.lvalues for name in _names(target)]
        case n.IndexExpr():
            return [parent.base, parent.index]
        case n.MemberExpr():
            return [parent.expr] if parent.name in _READING else []
        case n.CallExpr():
            return _arguments(parent)
        case n.ForStmt():
            return [parent.expr, *_names(parent.index)]
        case n.GeneratorExpr() | n.DictionaryComprehension():
            return [*parent.sequences, *(name for index in parent.indices for name in _names(index))]
        case n.ComparisonExpr() | n.StarExpr() | n.UnaryExpr():
            return children(parent)
        case n.DictExpr():
            return [value for key, value in parent.items if key is None]
        case _:
            return []


def _names(target: n.Expression) -> Iterator[n.Node]:
    """The names that get a value."""
    if isinstance(target, n.NameExpr):
        yield target
    elif isinstance(target, (n.TupleExpr, n.ListExpr)):
        yield from (name for item in target.items for name in _names(item))


def _arguments(call: n.CallExpr) -> list[n.Node]:
    function = call.callee.fullname if isinstance(call.callee, n.RefExpr) else ""
    is_built = isinstance(call.callee, n.MemberExpr) and call.callee.name in ("C", "XPMConfig")
    if function in _READERS or function == names.COPYCONFIG or is_built:
        return [*call.args]
    return [value for name, value in zip(call.arg_names, call.args, strict=True) if name == "choices"]


def is_global(module: Module, variable: n.Var) -> bool:
    """Whether some function sets a name of the module."""
    if "." not in variable.fullname:
        return False
    return any(variable.name in statement.names for unit in module.units for statement in unit.of(n.GlobalDecl))
