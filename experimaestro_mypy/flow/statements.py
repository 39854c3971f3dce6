"""What statements do."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mypy import nodes as n
from mypy import patterns as p
from mypy import types as t

from experimaestro_mypy import names
from experimaestro_mypy.flow import containers, waits
from experimaestro_mypy.flow.conditions import assume, taken
from experimaestro_mypy.flow.events import Way
from experimaestro_mypy.flow.loops import repeat
from experimaestro_mypy.flow.machine import Machine
from experimaestro_mypy.flow.state import State, meet
from experimaestro_mypy.flow.targets import bind
from experimaestro_mypy.flow.values import ABSENT, UNKNOWN, Holder, Sure, Value
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
            assume(machine, statement.expr)
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
    node = call.callee.node if isinstance(call.callee, n.NameExpr) else None
    signature = node.type if isinstance(node, (n.FuncDef, n.OverloadedFuncDef)) else None
    if isinstance(signature, t.FunctionLike) and not any(_may_be_never(item.ret_type) for item in signature.items):
        return False  # without a look at the types of this code, which mypy may not have
    return isinstance(machine.module.type_of(call), t.UninhabitedType)


def _may_be_never(kind: t.Type) -> bool:
    return isinstance(t.get_proper_type(kind), (t.UninhabitedType, t.TypeVarType))


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
        if machine.frames:
            machine.frames[-1].values.append(value)
        else:
            machine.lose(value, Way.RETURNED, statement)
    elif machine.frames:
        machine.frames[-1].values.append(ABSENT)
    machine.returns.append(machine.stop())


def _jump(machine: Machine, statement: n.BreakStmt | n.ContinueStmt) -> None:
    ended = machine.stop()
    if machine.loops:
        loop = machine.loops[-1]
        (loop.breaks if isinstance(statement, n.BreakStmt) else loop.continues).append(ended)


def _if(machine: Machine, statement: n.IfStmt) -> None:
    for condition in statement.expr:
        machine.evaluate(condition)
    ways = [
        taken(machine, condition, _way(machine, block), holds=True)
        for condition, block in zip(statement.expr, statement.body, strict=True)
        if not block.is_unreachable
    ]
    otherwise = statement.else_body
    if otherwise is None or not otherwise.is_unreachable:
        ways.append(taken(machine, statement.expr[0], _way(machine, otherwise), holds=False))
    machine.branch(*ways)


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
            assume(machine, statement.expr)
            with machine.doubt_whether():
                _block(machine, statement.body)

    def again() -> None:
        with machine.silence():  # the condition may allow one turn only
            turn()

    turns = [turn, *[again for _ in found.elements[1:]]]
    repeat(machine, turns, found, otherwise=_way(machine, statement.else_body), is_told_once=True)


def _with(machine: Machine, statement: n.WithStmt) -> None:
    before = _jumps(machine)
    for context, target in zip(statement.expr, statement.target, strict=True):
        value = machine.evaluate(context)
        machine.lose(value, Way.ELSEWHERE, context)
        if target is not None:
            bind(machine, target, UNKNOWN)
    if any(_expects_failure(context) for context in statement.expr):
        start = machine.state.copy()
        with machine.silence():
            _block(machine, statement.body)
        machine.state = meet([start, machine.state])
    else:
        _experiment(machine, statement)
    is_experiment = any(_is_experiment(machine, context) for context in statement.expr)
    if is_experiment or any(_may_wait(machine, context) for context in statement.expr):
        left = [state for state in _jumps(machine) if not any(state is one for one in before)]
        for state in [machine.state, *left]:
            with machine.at(state):
                machine.wait(certainly=is_experiment)


def _jumps(machine: Machine) -> list[State]:
    """The states in which the code was left before its end."""
    loops = [state for loop in machine.loops[-1:] for state in [*loop.breaks, *loop.continues]]
    return [*machine.returns, *loops]


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


def _may_wait(machine: Machine, context: n.Expression) -> bool:
    """Whether the end of a ``with`` may wait for the jobs: its class does, or the generator that makes it."""
    if waits.knows_how(machine.module, context):
        return True
    return isinstance(context, n.CallExpr) and waits.may_wait(machine.module, context, context.callee)


def _try(machine: Machine, statement: n.TryStmt) -> None:
    before = len(machine.returns)
    with machine.doubt_whether():
        tried = _attempt(machine, statement)
    ends: list[State] = [machine.state]
    for handler in statement.handlers:
        machine.state = tried.copy()
        with machine.doubt_whether():
            _block(machine, handler)
        ends.append(machine.state)
    machine.state = meet(ends)
    if statement.finally_body is not None:
        _leave(machine, statement.finally_body, before)
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


def _leave(machine: Machine, block: n.Block, before: int) -> None:
    """What stands after ``finally`` runs before a function returns, too."""
    for index, state in enumerate(machine.returns[before:], before):
        with machine.at(state), machine.silence():
            _block(machine, block)
            machine.returns[index] = machine.state


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
