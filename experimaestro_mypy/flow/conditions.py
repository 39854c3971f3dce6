"""What conditions tell of the names in them: which of these are None."""

from __future__ import annotations

from collections.abc import Callable

from mypy import nodes as n

from experimaestro_mypy.flow.machine import Machine
from experimaestro_mypy.flow.state import State
from experimaestro_mypy.flow.values import ABSENT, Value, may_be_absent, present


def taken(machine: Machine, condition: n.Expression, way: Callable[[], None], *, holds: bool) -> Callable[[], None]:
    """A way that is taken when a condition holds, or when it does not."""
    before = machine.state

    def told() -> None:
        _learn(machine, condition, before, holds=holds)
        way()

    return told


def assume(machine: Machine, condition: n.Expression) -> None:
    """Goes on where a condition holds."""
    before = machine.state.copy()
    machine.state.names.update(before.doubted())
    _learn(machine, condition, before, holds=True)


def _learn(machine: Machine, condition: n.Expression, before: State, *, holds: bool) -> None:
    match condition:
        case n.UnaryExpr(op="not"):
            _learn(machine, condition.expr, before, holds=not holds)
        case n.OpExpr(op=("and" | "or") as operator) if holds == (operator == "and"):
            _learn(machine, condition.left, before, holds=holds)
            _learn(machine, condition.right, before, holds=holds)
        case n.ComparisonExpr(operators=[("is" | "is not" | "==" | "!=") as operator], operands=[compared, other]):
            if is_none(other):
                _set(machine, compared, before, is_absent=holds == (operator in ("is", "==")))
        case n.NameExpr() | n.AssignmentExpr():
            _set(machine, condition, before, is_absent=not holds)
        case _:
            pass


def _set(machine: Machine, expression: n.Expression, before: State, *, is_absent: bool) -> None:
    name = expression.target if isinstance(expression, n.AssignmentExpr) else expression
    node = name.node if isinstance(name, n.NameExpr) else None
    value = before.name(node)
    if node is not None and may_be_absent(value):
        machine.state.names[node] = _narrowed(value, is_absent=is_absent)


def _narrowed(value: Value, *, is_absent: bool) -> Value:
    return ABSENT if is_absent else present(value)


def is_none(expression: n.Expression) -> bool:
    """Whether None is written."""
    return isinstance(expression, n.NameExpr) and expression.fullname == "builtins.None"
