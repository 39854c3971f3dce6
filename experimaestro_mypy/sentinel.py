"""How the plugin learns that the types of a module are known.

mypy 2.4 tells it (`get_additional_indirect_deps`). For the versions before, a function is added at the end of each
module: the call in
it is checked last, and calls the plugin.
"""

from __future__ import annotations

from typing import Final

from mypy import nodes as n
from mypy import types as t
from mypy.plugin import Plugin

IS_NEEDED: Final = not hasattr(Plugin, "get_additional_indirect_deps")

METHOD: Final = "builtins.int.__index__"
"""The method that is called at the end of a module: ``(0).__index__()``."""

_NAME: Final = "__experimaestro_end__"


def add(file: n.MypyFile) -> None:
    """Adds the function at the end of a module."""
    if file.is_stub or any(isinstance(node, n.FuncDef) and node.name == _NAME for node in file.defs):
        return
    line = file.defs[-1].line if file.defs else 1
    file.defs.append(_function(line))


def _function(line: int) -> n.FuncDef:
    call = n.CallExpr(n.MemberExpr(n.IntExpr(0), "__index__"), [], [], [])
    statement = n.ExpressionStmt(call)
    signature = t.CallableType([], [], [], t.NoneType(), t.Instance(n.FakeInfo("sentinel"), []), name=_NAME)
    function = n.FuncDef(_NAME, [], n.Block([statement]), signature)
    for node in (call, call.callee, statement, function.body, function):
        node.line, node.column = line, 0
    return function


def is_sentinel(where: n.Context) -> bool:
    """Whether a call is that of the function that was added."""
    if not isinstance(where, n.CallExpr) or not isinstance(where.callee, n.MemberExpr):
        return False
    return isinstance(where.callee.expr, n.IntExpr) and where.callee.expr.line == -1
