"""Walks syntax trees: mypy's own visitors are compiled, and refuse interpreted subclasses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, cast

from mypy import nodes as n
from mypy import patterns as p

_PARTS: Final[dict[type[n.Node], tuple[str, ...]]] = {
    # statements
    n.Block: ("body",),
    n.ExpressionStmt: ("expr",),
    n.AssignmentStmt: ("rvalue", "lvalues"),
    n.OperatorAssignmentStmt: ("rvalue", "lvalue"),
    n.ReturnStmt: ("expr",),
    n.IfStmt: ("expr", "body", "else_body"),
    n.WhileStmt: ("expr", "body", "else_body"),
    n.ForStmt: ("expr", "index", "body", "else_body"),
    n.WithStmt: ("expr", "target", "body"),
    n.TryStmt: ("body", "types", "vars", "handlers", "else_body", "finally_body"),
    n.RaiseStmt: ("expr", "from_expr"),
    n.AssertStmt: ("expr", "msg"),
    n.DelStmt: ("expr",),
    n.MatchStmt: ("subject", "patterns", "guards", "bodies"),
    # definitions
    n.FuncDef: ("arguments", "body"),
    n.Argument: ("initializer",),
    n.Decorator: ("decorators", "func"),
    n.OverloadedFuncDef: ("items",),
    n.ClassDef: ("decorators", "base_type_exprs", "defs"),
    n.LambdaExpr: ("arguments", "body"),
    # expressions
    n.CallExpr: ("callee", "args"),
    n.MemberExpr: ("expr",),
    n.IndexExpr: ("base", "index"),
    n.SliceExpr: ("begin_index", "end_index", "stride"),
    n.OpExpr: ("left", "right"),
    n.ComparisonExpr: ("operands",),
    n.UnaryExpr: ("expr",),
    n.ConditionalExpr: ("cond", "if_expr", "else_expr"),
    n.ListExpr: ("items",),
    n.TupleExpr: ("items",),
    n.SetExpr: ("items",),
    n.DictExpr: ("items",),
    n.GeneratorExpr: ("sequences", "indices", "condlists", "left_expr"),
    n.ListComprehension: ("generator",),
    n.SetComprehension: ("generator",),
    n.DictionaryComprehension: ("sequences", "indices", "condlists", "key", "value"),
    n.StarExpr: ("expr",),
    n.AwaitExpr: ("expr",),
    n.YieldExpr: ("expr",),
    n.YieldFromExpr: ("expr",),
    n.AssignmentExpr: ("value", "target"),
    n.CastExpr: ("expr",),
    n.AssertTypeExpr: ("expr",),
    n.RevealExpr: ("expr",),
    n.TypeApplication: ("expr",),
    # patterns
    p.AsPattern: ("pattern", "name"),
    p.OrPattern: ("patterns",),
    p.ValuePattern: ("expr",),
    p.SequencePattern: ("patterns",),
    p.StarredPattern: ("capture",),
    p.MappingPattern: ("keys", "values", "rest"),
    p.ClassPattern: ("class_ref", "positionals", "keyword_values"),
}


def children(node: n.Node) -> list[n.Node]:
    """What stands directly in a node, mostly in the order of evaluation."""
    found: list[n.Node] = []
    for part in _PARTS.get(type(node), ()):
        _add(getattr(node, part, None), found)  # None: functions read from the cache have no arguments
    return found


def _add(value: object, found: list[n.Node]) -> None:
    if isinstance(value, n.Node):
        found.append(value)
    elif isinstance(value, (list, tuple)):
        for item in cast("Sequence[object]", value):  # the type checkers do not know what it holds
            _add(item, found)


def walk(root: n.Node) -> Iterator[n.Node]:
    """A node and all that stands in it, each before what stands in it."""
    stack = [root]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(children(node)))
