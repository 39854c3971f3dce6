"""What a function does with the configuration of its experiment: which of its fields it reads for sure, and where."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

from mypy import nodes as n
from mypy import types as t

from experimaestro_mypy import experiments, names
from experimaestro_mypy.walk import children, walk

FieldPath: TypeAlias = tuple[str, ...]
"""The names of fields, from the configuration on."""

_SINGLE: Final = (n.ARG_POS, n.ARG_OPT, n.ARG_NAMED, n.ARG_NAMED_OPT)
_LEAVING: Final = (n.ReturnStmt, n.BreakStmt, n.ContinueStmt)
_HARMLESS: Final = (
    *(f"{names.PACKAGE}.experiments.grid.{name}" for name in ("generate_grid", "grid_size")),
    *(f"builtins.{name}" for name in ("print", "repr", "str", "len", "type", "isinstance", "id", "hash")),
)


def configuration(function: n.FuncDef) -> n.Var | None:
    """The parameter of a function that is the configuration of an experiment, when it has one."""
    arguments = zip(function.arguments, experiments.parameter_types(function), strict=False)
    found = [argument.variable for argument, kind in arguments if _is_configuration(kind)]
    return found[0] if len(found) == 1 else None


def _is_configuration(kind: t.ProperType) -> bool:
    return isinstance(kind, t.Instance) and kind.type.has_base(names.CONFIGURATION_BASE)


def path_of(expression: n.Expression, variable: n.Var) -> FieldPath | None:
    """The fields that ``cfg.a.b`` reads; None for what does not begin with the variable."""
    if isinstance(expression, n.NameExpr):
        return () if expression.node is variable else None
    before = path_of(expression.expr, variable) if isinstance(expression, n.MemberExpr) else None
    return None if before is None or not isinstance(expression, n.MemberExpr) else (*before, expression.name)


def uses(root: n.Node, variable: n.Var) -> Iterator[tuple[n.Node, n.Expression]]:
    """The longest ``cfg.a.b`` for each use of a variable, with what it stands in."""
    stack = [root]
    while stack:
        node = stack.pop()
        for inner in children(node):
            if isinstance(inner, n.Expression) and path_of(inner, variable) is not None:
                yield node, inner
            else:
                stack.append(inner)


def is_kept(function: n.FuncDef, variable: n.Var) -> bool:
    """Whether a function gives no other value to a parameter, nor to its fields."""
    return count_targets(function, variable) == 0


def count_targets(function: n.FuncDef, variable: n.Var) -> int:
    """How often a function may give another value to a variable, or to its fields."""
    return sum(expression in _targets(holder) for holder, expression in uses(function.body, variable))


def is_read_only(function: n.FuncDef, variable: n.Var) -> bool:
    """Whether a function keeps a parameter, and hands it to functions only that do so too."""
    if not is_kept(function, variable):
        return False
    whole = [holder for holder, expression in uses(function.body, variable) if isinstance(expression, n.NameExpr)]
    return all(_keeps(holder, function, variable) for holder in whole)


def _keeps(holder: n.Node, caller: n.FuncDef, variable: n.Var) -> bool:
    if not isinstance(holder, n.CallExpr) or not isinstance(holder.callee, n.RefExpr):
        return False
    if holder.callee.fullname in _HARMLESS:
        return True
    taken = taken_by(holder, caller, variable)
    if taken is None or not is_kept(*taken):
        return False
    function, parameter = taken
    return all(isinstance(inner, n.MemberExpr) for _, inner in uses(function.body, parameter))


def taken_by(call: n.CallExpr, caller: n.FuncDef, variable: n.Var) -> tuple[n.FuncDef, n.Var] | None:
    """The function that a call hands a variable to, and its parameter; of the same module, others are not known."""
    function = call.callee.node if isinstance(call.callee, n.NameExpr) else None
    if not isinstance(function, n.FuncDef) or function.info or _home(function) != _home(caller):
        return None
    for index, (value, name) in enumerate(zip(call.args, call.arg_names, strict=True)):
        if isinstance(value, n.NameExpr) and value.node is variable:
            return _parameter(function, index, name)
    return None


def _home(function: n.FuncDef) -> str:
    return function.fullname.rpartition(".")[0]


def _parameter(function: n.FuncDef, index: int, name: str | None) -> tuple[n.FuncDef, n.Var] | None:
    found = [
        argument.variable
        for place, argument in enumerate(function.arguments)
        if argument.kind in _SINGLE and (argument.variable.name == name if name else place == index)
    ]
    return (function, found[0]) if len(found) == 1 else None


def _targets(node: n.Node) -> list[n.Node]:
    """What a statement may give another value to."""
    match node:
        case n.AssignmentStmt(lvalues=lvalues):
            return list(lvalues)
        case n.OperatorAssignmentStmt(lvalue=target) | n.AssignmentExpr(target=target):
            return [target]
        case n.DelStmt(expr=target) | n.ForStmt(index=target) | n.StarExpr(expr=target):
            return [target]
        case n.IndexExpr(base=target):
            return [target]
        case n.WithStmt(target=targets):
            return [target for target in targets if target is not None]
        case n.TupleExpr(items=items) | n.ListExpr(items=items):
            return list(items)
        case _:
            return []


def certain(function: n.FuncDef, is_granted: Callable[[n.Expression], bool]) -> Iterator[n.Node]:
    """What is evaluated whenever a function runs to its end, and a condition that is granted holds."""
    last = min((node.line for node in walk(function.body) if isinstance(node, _LEAVING)), default=None)
    stack: list[n.Node] = [function.body]
    while stack:
        node = stack.pop()
        if last is None or node.line <= last:
            yield node
        stack += reversed(_surely_inside(node, is_granted))


def _surely_inside(node: n.Node, is_granted: Callable[[n.Expression], bool]) -> list[n.Node]:
    match node:
        case n.IfStmt(expr=[condition, *_], body=[body, *_]) | n.ConditionalExpr(cond=condition, if_expr=body):
            return [condition, body] if is_granted(condition) else [condition]
        case n.OpExpr(op="and" | "or", left=left, right=right):
            return [left, right] if node.op == "and" and is_granted(left) else [left]
        case n.WhileStmt(expr=condition) | n.MatchStmt(subject=condition):
            return [condition]
        case n.TryStmt() | n.FuncDef() | n.LambdaExpr() | n.ClassDef() | n.GeneratorExpr() | n.AssertStmt():
            return []  # errors may be caught there, or nothing evaluated
        case n.ListComprehension(generator=made) | n.SetComprehension(generator=made):
            return [*made.sequences] if any(made.condlists) else [*made.sequences, made.left_expr]
        case n.DictionaryComprehension():
            return list(node.sequences) if any(node.condlists) else children(node)
        case n.WithStmt() if any(map(_suppresses, node.expr)):
            return []
        case _:
            return children(node)


def _suppresses(expression: n.Expression) -> bool:
    callee = expression.callee if isinstance(expression, n.CallExpr) else None
    return isinstance(callee, n.RefExpr) and callee.fullname == "contextlib.suppress"


def conditions(root: n.Node) -> Iterator[n.Expression]:
    """The expressions on which it depends what is evaluated."""
    for node in walk(root):
        match node:
            case n.IfStmt(expr=tests):
                yield from tests
            case n.ConditionalExpr(cond=test) | n.WhileStmt(expr=test) | n.MatchStmt(subject=test):
                yield test
            case n.OpExpr(op="and" | "or", left=test):
                yield test
            case n.GeneratorExpr(condlists=lists) | n.DictionaryComprehension(condlists=lists):
                yield from (test for tests in lists for test in tests)
            case _:
                pass
