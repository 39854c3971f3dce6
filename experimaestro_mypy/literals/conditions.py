"""What conditions ask about: names, and their attributes."""

from __future__ import annotations

from typing import NamedTuple

from mypy import nodes as n

from experimaestro_mypy.walk import children


class Asked(NamedTuple):
    """A name in an expression, or an attribute of it."""

    name: n.Var
    attribute: str = ""


def mentioned(expression: n.Node) -> set[Asked]:
    """The names in an expression."""
    found: set[Asked] = set()
    waiting = [expression]
    while waiting:
        node = waiting.pop()
        if isinstance(node, n.MemberExpr) and isinstance(node.expr, n.NameExpr) and isinstance(node.expr.node, n.Var):
            found.add(Asked(node.expr.node, node.name))
        elif isinstance(node, n.NameExpr):
            if isinstance(node.node, n.Var) and not node.fullname.startswith("builtins."):  # None and True are names
                found.add(Asked(node.node))
        else:
            waiting += children(node)
    return found


def is_about(asked: set[Asked], others: set[Asked]) -> bool:
    """Whether both mention the same: an attribute and the whole are, two attributes are not."""
    return any(
        one.name is other.name and (one.attribute == other.attribute or not one.attribute or not other.attribute)
        for one in asked
        for other in others
    )
