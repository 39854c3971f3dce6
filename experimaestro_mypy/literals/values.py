"""The values of literals."""

from __future__ import annotations

from typing import Final

from mypy import nodes as n
from mypy import types as t

from experimaestro_mypy.unit import Module

UNKNOWN: Final = object()
"""Stands for a value that is known at run time only."""


def literal_of(module: Module, expression: n.Expression) -> object:
    """The value of a literal, or that which the type of a name tells; `UNKNOWN` otherwise."""
    if isinstance(expression, (n.StrExpr, n.IntExpr, n.FloatExpr)):
        return expression.value
    if isinstance(expression, n.UnaryExpr) and expression.op == "-":
        positive = literal_of(module, expression.expr)
        return -positive if isinstance(positive, (int, float)) else UNKNOWN
    return _by_type(module.type_of(expression))


def _by_type(found: t.ProperType | None) -> object:
    known = found.last_known_value if isinstance(found, t.Instance) else found
    if not isinstance(known, t.LiteralType) or known.is_enum_literal():
        return UNKNOWN
    return known.value if isinstance(known.value, (str, int)) else UNKNOWN


def is_false(expression: n.Expression) -> bool:
    """Whether an expression is certainly false, such as None or an empty text."""
    if isinstance(expression, n.NameExpr):
        return expression.fullname in ("builtins.None", "builtins.False")
    return isinstance(expression, (n.StrExpr, n.IntExpr)) and not expression.value
