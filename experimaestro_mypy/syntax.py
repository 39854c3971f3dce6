"""What expressions are: what they call, which class they build, where they stand."""

from __future__ import annotations

from mypy import nodes as n
from mypy import types as t

from experimaestro_mypy import configurations, names


def built(call: n.CallExpr) -> n.TypeInfo | None:
    """The class whose configuration a call builds: that of X for ``X.C(...)``, and for ``X[int].C(...)``."""
    callee = call.callee
    if not isinstance(callee, n.MemberExpr) or callee.name not in ("C", "XPMConfig"):
        return None
    written = callee.expr.analyzed if isinstance(callee.expr, n.IndexExpr) else None
    named = written.expr if isinstance(written, n.TypeApplication) else callee.expr
    owner = named.node if isinstance(named, n.RefExpr) else None
    return owner if isinstance(owner, n.TypeInfo) and configurations.is_configuration(owner) else None


def callee(call: n.CallExpr) -> str:
    """The full name of what is called; empty if it is no name."""
    return call.callee.fullname if isinstance(call.callee, n.RefExpr) else ""


def method_name(call: n.CallExpr) -> str | None:
    """The name of the method that is called; None if it is no method."""
    return call.callee.name if isinstance(call.callee, n.MemberExpr) else None


def configuration_of(found: t.ProperType | None) -> n.TypeInfo | None:
    """The configuration class of a type; None if it is none."""
    info = found.type if isinstance(found, t.Instance) else None
    return info if info is not None and configurations.is_configuration(info) else None


def contains(node: n.Context, line: int, column: int) -> bool:
    """Whether a position is in a node."""
    end = (node.end_line or node.line, node.end_column if node.end_column is not None else node.column + 1)
    return (node.line, node.column) <= (line, column) < end


def called_class(call: n.CallExpr) -> n.TypeInfo | None:
    """The class that is called by its name."""
    callee = call.callee
    return callee.node if isinstance(callee, n.RefExpr) and isinstance(callee.node, n.TypeInfo) else None


def name_of(expression: n.Expression) -> str:
    """How a name, or an attribute of one, is written."""
    if isinstance(expression, n.MemberExpr):
        return f"{name_of(expression.expr)}.{expression.name}"
    return expression.name if isinstance(expression, n.NameExpr) else "..."


def requirement_function(call: n.CallExpr) -> str:
    """The name of a function of the package that reads requirements, or makes them; empty for another one."""
    full = callee(call)
    name = full.rpartition(".")[2] if full.startswith(f"{names.LAUNCHER_FINDER}.") else ""
    return name if name in (*names.REQUIREMENT_READERS, *names.REQUIREMENT_PARTS) else ""
