"""What statements do."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mypy import nodes as n
from mypy import patterns as p
from mypy import types as t

from experimaestro_mypy import names
from experimaestro_mypy.flow import containers
from experimaestro_mypy.flow.events import Way
from experimaestro_mypy.flow.loops import repeat
from experimaestro_mypy.flow.machine import Machine
from experimaestro_mypy.flow.state import State, meet
from experimaestro_mypy.flow.targets import bind
from experimaestro_mypy.flow.values import UNKNOWN, Holder, Sure, Value
from experimaestro_mypy.walk import walk

_FAILURES = ("raises", "suppress", "assertRaises", "assertRaisesRegex", "assert_raises", "warns")


def run(machine: Machine, statements: Sequence[n.Statement]) -> None:
    """Follows statements, up to one that ends the block."""
    for statement in statements:
        if not machine.state.is_live:
            return
        _run_one(machine, statement)
        machine.attempts[:] = [meet([tried, machine.state]) for tried in machine.attempts]


def _block(machine: Machine, block: n.Block | None) -> None:
    if block is not None and not block.is_unreachable:
        run(machine, block.body)


def _run_one(machine: Machine, statement: n.Statement) -> None:
    match statement:
        case n.ExpressionStmt():
            _expression(machine, statement)
        case n.AssignmentStmt():
            _assignment(machine, statement)
        case n.OperatorAssignmentStmt():
            _operator_assignment(machine, statement)
        case n.ReturnStmt():
            _return(machine, statement)
        case n.RaiseStmt():
            machine.stop()
        case n.BreakStmt() | n.ContinueStmt():
            _jump(machine, statement)
        case n.AssertStmt():
            machine.evaluate(statement.expr)
        case n.DelStmt():
            _delete(machine, statement.expr)
        case _:
            _run_compound(machine, statement)


def _run_compound(machine: Machine, statement: n.Statement) -> None:
    match statement:
        case n.Block():
            _block(machine, statement)
        case n.IfStmt():
            _if(machine, statement)
        case n.ForStmt():
            _for(machine, statement)
        case n.WhileStmt():
            _while(machine, statement)
        case n.WithStmt():
            _with(machine, statement)
        case n.TryStmt():
            _try(machine, statement)
        case n.MatchStmt():
            _match(machine, statement)
        case _:
            pass  # imports, definitions: what they use is captured


def _expression(machine: Machine, statement: n.ExpressionStmt) -> None:
    machine.evaluate(statement.expr)
    if isinstance(statement.expr, n.CallExpr) and _never_returns(machine, statement.expr):
        machine.stop()


def _never_returns(machine: Machine, call: n.CallExpr) -> bool:
    return isinstance(machine.module.type_of(call), t.UninhabitedType)


def _assignment(machine: Machine, statement: n.AssignmentStmt) -> None:
    if isinstance(statement.rvalue, n.TempNode):  # an annotation alone
        return
    value = machine.evaluate(statement.rvalue)
    for target in statement.lvalues:
        bind(machine, target, value)


def _operator_assignment(machine: Machine, statement: n.OperatorAssignmentStmt) -> None:
    target, value = statement.lvalue, machine.evaluate(statement.rvalue)
    before = machine.evaluate(target)
    if statement.op in ("+", "|") and isinstance(before, Holder):
        containers.add(machine, before, containers.items_of(machine, value), statement)
        if not containers.is_exact(machine, value):
            containers.blur(machine, before)
        return
    machine.lose(value, Way.ELSEWHERE, statement)
    machine.lose(before, Way.ELSEWHERE, statement)
    if isinstance(target, (n.NameExpr, n.MemberExpr)):
        bind(machine, target, UNKNOWN)


def _delete(machine: Machine, target: n.Expression) -> None:
    if isinstance(target, n.IndexExpr):
        containers.weaken(machine, machine.evaluate(target.base))


def _return(machine: Machine, statement: n.ReturnStmt) -> None:
    if statement.expr is not None:
        value = machine.evaluate(statement.expr)
        machine.lose(value, Way.RETURNED, statement)
    machine.returns.append(machine.stop())


def _jump(machine: Machine, statement: n.BreakStmt | n.ContinueStmt) -> None:
    ended = machine.stop()
    if machine.loops:
        loop = machine.loops[-1]
        (loop.breaks if isinstance(statement, n.BreakStmt) else loop.continues).append(ended)


def _if(machine: Machine, statement: n.IfStmt) -> None:
    for condition in statement.expr:
        machine.evaluate(condition)
    blocks = [*statement.body, statement.else_body]
    reachable = [block for block in blocks if block is None or not block.is_unreachable]
    machine.branch(*(_way(machine, block) for block in reachable))


def _way(machine: Machine, block: n.Block | None) -> Callable[[], None]:
    return lambda: _block(machine, block)


def _for(machine: Machine, statement: n.ForStmt) -> None:
    found = containers.turns(machine, machine.evaluate(statement.expr))

    def turn(item: Value) -> Callable[[], None]:
        return lambda: _turn(machine, statement, item)

    repeat(machine, [turn(item) for item in found.elements], found, otherwise=_way(machine, statement.else_body))


def _turn(machine: Machine, statement: n.ForStmt, item: Value) -> None:
    if machine.state.is_live:
        bind(machine, statement.index, item)
        _block(machine, statement.body)


def _while(machine: Machine, statement: n.WhileStmt) -> None:
    found = containers.turns(machine, UNKNOWN)

    def turn() -> None:
        if machine.state.is_live:
            machine.evaluate(statement.expr)
            _block(machine, statement.body)

    def again() -> None:
        with machine.silence():  # the condition may allow one turn only
            turn()

    turns = [turn, *[again for _ in found.elements[1:]]]
    repeat(machine, turns, found, otherwise=_way(machine, statement.else_body))


def _with(machine: Machine, statement: n.WithStmt) -> None:
    for context, target in zip(statement.expr, statement.target, strict=True):
        value = machine.evaluate(context)
        machine.lose(value, Way.ELSEWHERE, context)
        if target is not None:
            bind(machine, target, UNKNOWN)
    if any(_expects_failure(context) for context in statement.expr):
        before = machine.state.copy()
        with machine.silence():
            _block(machine, statement.body)
        machine.state = meet([before, machine.state])
    else:
        _experiment(machine, statement)
    if machine.state.is_live and any(_is_experiment(machine, context) for context in statement.expr):
        machine.wait()


def _experiment(machine: Machine, statement: n.WithStmt) -> None:
    before = machine.done_at_once
    if any(isinstance(context, n.CallExpr) and "run_mode" in context.arg_names for context in statement.expr):
        machine.done_at_once = Sure.MAYBE
    _block(machine, statement.body)
    machine.done_at_once = before


def _expects_failure(context: n.Expression) -> bool:
    callee = context.callee if isinstance(context, n.CallExpr) else context
    return isinstance(callee, (n.NameExpr, n.MemberExpr)) and callee.name in _FAILURES


def _is_experiment(machine: Machine, context: n.Expression) -> bool:
    callee = context.callee if isinstance(context, n.CallExpr) else None
    if isinstance(callee, n.RefExpr) and callee.fullname == names.EXPERIMENT:  # a function without annotations
        return True
    kind = machine.module.type_of(context)
    return isinstance(kind, t.Instance) and kind.type.has_base(names.EXPERIMENT)


def _try(machine: Machine, statement: n.TryStmt) -> None:
    tried = _attempt(machine, statement)
    ends: list[State] = [machine.state]
    for handler in statement.handlers:
        machine.state = tried.copy()
        _block(machine, handler)
        ends.append(machine.state)
    machine.state = meet(ends)
    if statement.finally_body is not None:
        _finally(machine, statement.finally_body, tried)


def _attempt(machine: Machine, statement: n.TryStmt) -> State:
    """Follows the body; returns what may be the case when an exception is raised in it."""
    if not statement.handlers:
        _block(machine, statement.body)
        return machine.state.copy()
    machine.attempts.append(machine.state.copy())
    _block(machine, statement.body)
    tried = meet([machine.attempts.pop(), machine.state])
    if machine.state.is_live:
        _block(machine, statement.else_body)
    return tried


def _finally(machine: Machine, block: n.Block, tried: State) -> None:
    if machine.state.is_live:
        _block(machine, block)
        return
    machine.state = tried.copy()
    _block(machine, block)
    machine.stop()


def _match(machine: Machine, statement: n.MatchStmt) -> None:
    subject = machine.evaluate(statement.subject)
    if any(_captures(pattern) for pattern in statement.patterns):
        machine.lose(subject, Way.ELSEWHERE, statement.subject)
    ways = [_case(machine, guard, body) for guard, body in zip(statement.guards, statement.bodies, strict=True)]
    machine.branch(*ways, lambda: None)


def _captures(pattern: p.Pattern) -> bool:
    return any(isinstance(part, (p.AsPattern, p.StarredPattern)) for part in walk(pattern))


def _case(machine: Machine, guard: n.Expression | None, body: n.Block) -> Callable[[], None]:
    def way() -> None:
        if guard is not None:
            machine.evaluate(guard)
        _block(machine, body)

    return way
