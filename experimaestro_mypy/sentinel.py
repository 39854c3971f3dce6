"""How the plugin learns that the types of a module are known.

mypy 2.4 tells it (`get_additional_indirect_deps`). For the versions before, a function is added at the end of each
module: the call in it is checked last, and calls the plugin.
"""

from __future__ import annotations

import sys
from typing import Final

from mypy import nodes as n
from mypy import types as t
from mypy.plugin import Plugin

IS_NEEDED: Final = not hasattr(Plugin, "get_additional_indirect_deps")

IS_LATE: Final = IS_NEEDED and any(name.startswith("mypy.build_worker") for name in sys.modules)
"""Whether no hook comes before a module is analysed: that of the first annotation in it adds the function then."""

METHOD: Final = "builtins.int.__index__"
"""The method that is called at the end of a module: ``(0).__index__()``."""

_NAME: Final = "__experimaestro_end__"


def add(file: n.MypyFile) -> None:
    """Adds the function at the end of a module."""
    if file.is_stub or any(isinstance(node, n.FuncDef) and node.name == _NAME for node in file.defs):
        return
    statement = _statement()
    signature = t.CallableType([], [], [], t.NoneType(), t.Instance(n.FakeInfo("sentinel"), []), name=_NAME)
    function = n.FuncDef(_NAME, [], n.Block([statement]), signature)
    _place([function, function.body, statement], file)
    file.defs.append(function)


def add_to_top_level(file: n.MypyFile) -> None:
    """Adds a call at the end of the top level of a module: the daemon visits it each time it checks that again."""
    if file.is_stub or (file.defs and _is_statement(file.defs[-1])):
        return
    statement = _statement()
    _place([statement], file)
    file.defs.append(statement)


def _statement() -> n.ExpressionStmt:
    return n.ExpressionStmt(n.CallExpr(n.MemberExpr(n.IntExpr(0), "__index__"), [], [], []))


def _is_statement(node: n.Statement) -> bool:
    return isinstance(node, n.ExpressionStmt) and is_sentinel(node.expr)


def _place(nodes: list[n.Node], file: n.MypyFile) -> None:
    """Gives a line to what was made, the literal in it left out: that is how it is known again."""
    call = next(node.expr for node in nodes if isinstance(node, n.ExpressionStmt))
    callee = call.callee if isinstance(call, n.CallExpr) else call
    for node in (*nodes, call, callee):
        node.line, node.column = (file.defs[-1].line if file.defs else 1), 0


def is_sentinel(where: n.Context) -> bool:
    """Whether a call is that of the function that was added."""
    if not isinstance(where, n.CallExpr) or not isinstance(where.callee, n.MemberExpr):
        return False
    return isinstance(where.callee.expr, n.IntExpr) and where.callee.expr.line == -1
