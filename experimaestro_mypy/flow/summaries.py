"""Calls of the functions of the module: followed into their code, with the arguments that they get.

What they return is then known, and what they do with what they get. What happens in them is told by their own code, but
for what they certainly do with the configurations of their caller: that is told at the call.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from mypy import nodes as n

from experimaestro_mypy.flow.containers import items_of
from experimaestro_mypy.flow.events import Way
from experimaestro_mypy.flow.machine import Frame, Machine, Yielded
from experimaestro_mypy.flow.scopes import functions_of
from experimaestro_mypy.flow.state import State, meet
from experimaestro_mypy.flow.statements import run
from experimaestro_mypy.flow.values import (
    ABSENT,
    UNKNOWN,
    Built,
    File,
    Holder,
    Item,
    Kind,
    Life,
    Output,
    Value,
    alternatives,
    one_of,
)
from experimaestro_mypy.walk import walk

DEPTH: Final = 4
"""How many functions, each called by the one before, are followed."""
CALLS: Final = 60
"""How many calls are followed from one function: each is as long as what it calls."""


class Target(NamedTuple):
    """What a call runs."""

    function: n.FuncDef
    receiver: Value | None = None
    """Its first argument, when that is not written between the parentheses."""


def target(machine: Machine, call: n.CallExpr) -> Target | None:
    """The function of the module that a call runs; None if it is another one, or if it cannot be followed."""
    callee = call.callee
    if isinstance(callee, n.NameExpr) and isinstance(callee.node, n.FuncDef):
        return followed(machine, Target(callee.node)) if not callee.node.info else None
    owner = _class(machine, callee.expr) if isinstance(callee, n.MemberExpr) else None
    return _of_class(machine, owner, callee.name) if owner is not None and isinstance(callee, n.MemberExpr) else None


def method(machine: Machine, receiver: Value, name: str) -> Target | None:
    """The method of a configuration that a call runs."""
    if not isinstance(receiver, Built) or not receiver.is_exact:
        return None
    found = _attribute(receiver.info, name)
    return followed(machine, Target(found, receiver)) if isinstance(found, n.FuncDef) else None


def _class(machine: Machine, expression: n.Expression) -> n.TypeInfo | None:
    """The class that an expression is."""
    node = expression.node if isinstance(expression, n.RefExpr) else None
    if isinstance(node, n.TypeInfo):
        return node
    value = machine.value_of(node)
    return value.info if isinstance(value, Kind) else None


def _of_class(machine: Machine, owner: n.TypeInfo, name: str) -> Target | None:
    found = _attribute(owner, name)
    if not isinstance(found, n.Decorator) or found.decorators or found.var.is_property:
        return None
    function = found.func
    if function.is_class:
        return followed(machine, Target(function, Kind(owner)))
    return followed(machine, Target(function)) if function.is_static else None


def _attribute(owner: n.TypeInfo, name: str) -> n.SymbolNode | None:
    symbol = None if any(base.fallback_to_any for base in owner.mro) else owner.get(name)
    return None if symbol is None else symbol.node


def followed(machine: Machine, found: Target) -> Target | None:
    """A target, if its code can be followed from here."""
    function = found.function
    is_near = function.fullname.startswith(f"{machine.module.file.fullname}.") or "." not in function.fullname
    if not is_near or function.is_coroutine or function.abstract_status != n.NOT_ABSTRACT:
        return None
    if len(machine.frames) >= DEPTH or machine.followed >= CALLS or function in machine.running:
        return None
    return found if functions_of(machine.module).is_definite(function) else None


def follow_call(machine: Machine, called: Target, call: n.CallExpr, values: Sequence[Value]) -> Value | None:
    """What a call returns, which has changed what is known; None if it was not followed, and has changed nothing."""
    if called.function.name not in functions_of(machine.module).of_interest and not _are_of_interest(machine, values):
        return None
    bound = _bound(machine, called, call, values)
    if bound is None:
        return None
    is_typed, before, told = _is_typed(machine, called.function), machine.state.copy(), len(machine.inside)
    attempts, untyped = list(machine.attempts), machine.module.untyped
    result = _run(machine, called.function, call, bound)
    if not is_typed and machine.module.untyped != untyped:  # the daemon has checked the caller only
        machine.state, machine.attempts[:] = before, attempts
        del machine.inside[told:]
        return None
    return result


def _are_of_interest(machine: Machine, values: Sequence[Value]) -> bool:
    return any(
        isinstance(one, (Built, Output, File)) or (isinstance(one, Holder) and any(machine.state.reachable(one)))
        for value in values
        for one in alternatives(value)
    )


def _is_typed(machine: Machine, function: n.FuncDef) -> bool:
    """Whether mypy knows the types in a function, or knows them never."""
    if function.is_dynamic() and not machine.module.options.check_untyped_defs:
        return True
    return any(
        machine.module.is_typed(part) for part in walk(function.body) if isinstance(part, (n.NameExpr, n.CallExpr))
    )


def _bound(machine: Machine, called: Target, call: n.CallExpr, values: Sequence[Value]) -> Mapping[n.Var, Value] | None:
    """The values of the parameters of a function; None if they are not known."""
    formals = called.function.arguments
    bound: dict[n.Var, Value] = {formal.variable: UNKNOWN for formal in formals}
    positional = [formal.variable for formal in formals if formal.kind.is_positional()]
    if called.receiver is not None:
        if not positional:
            return None
        bound[positional.pop(0)] = called.receiver
    named = {formal.variable.name: formal.variable for formal in formals if not formal.kind.is_star()}
    rest: dict[n.ArgKind, list[Item]] = {n.ARG_STAR: [], n.ARG_STAR2: []}
    for name, kind, argument, value in zip(call.arg_names, call.arg_kinds, call.args, values, strict=True):
        variable = positional.pop(0) if name is None and positional else named.get(name or "")
        if kind.is_star():
            return None
        if variable is not None:
            bound[variable] = _argument(argument, value)
        else:
            rest[n.ARG_STAR if name is None else n.ARG_STAR2].append(Item(value, name))
    return bound if _take_rest(machine, formals, rest, bound) else None


def _argument(argument: n.Expression, value: Value) -> Value:
    node = argument.node if isinstance(argument, n.RefExpr) else None
    return Kind(node) if isinstance(node, n.TypeInfo) else value


def _take_rest(
    machine: Machine,
    formals: Sequence[n.Argument],
    rest: Mapping[n.ArgKind, Sequence[Item]],
    bound: dict[n.Var, Value],
) -> bool:
    """Gives the arguments that have no parameter of their own to ``*args`` and ``**kwargs``; tells if they take all."""
    starred = {formal.kind: formal.variable for formal in formals if formal.kind.is_star()}
    for kind, items in rest.items():
        if kind in starred:
            bound[starred[kind]] = machine.hold("tuple" if kind is n.ARG_STAR else "dict", items)
        elif items:
            return False
    return True


def _run(machine: Machine, function: n.FuncDef, call: n.CallExpr, bound: Mapping[n.Var, Value]) -> Value:
    """Follows the code of a function, and goes on after the call."""
    outer, names, before = machine.captured, machine.state.names, dict(machine.state.lives)
    returns, machine.returns = machine.returns, []
    first = machine.frames[0] if machine.frames else None
    frame = Frame(function, first.call if first else call, first.known if first else before.keys(), before.keys())
    machine.frames.append(frame)
    machine.running.append(function)
    machine.followed += 1
    machine.captured = functions_of(machine.module).captured(function)
    _enter(machine, names, bound, call)
    run(machine, function.body.body)
    result = _result(machine, frame, before)
    machine.running.pop()
    machine.frames.pop()
    machine.captured, machine.returns = outer, returns
    machine.state.names = {name: machine.state.name(name) for name in names}
    return result


def _enter(
    machine: Machine, names: Mapping[n.SymbolNode, Value], bound: Mapping[n.Var, Value], call: n.CallExpr
) -> None:
    machine.state.names = {**names, **dict[n.SymbolNode, Value](bound.items())}
    for variable, value in bound.items():
        if variable in machine.captured:
            machine.lose(value, Way.STORED, call)


def _result(machine: Machine, frame: Frame, before: Mapping[Built, Life]) -> Value:
    """What a function returns; goes on with the state in which it does."""
    if machine.state.is_live:
        frame.values.append(ABSENT)
    machine.state = meet([machine.state, *machine.returns])
    if not frame.function.is_generator:
        return one_of(frame.values)
    _doubt_changes(machine, frame, before)
    items = [seen.item for seen in frame.yielded]
    return machine.hold("generator", items, is_exact=False) if items else UNKNOWN


def _doubt_changes(machine: Machine, frame: Frame, before: Mapping[Built, Life]) -> None:
    """A generator runs when it is asked for the next element: what it does meanwhile may be done, or not."""
    known = [before, *(seen.lives for seen in frame.yielded)]
    changed = [config for lives in known for config, life in lives.items() if _is_other(machine.state, config, life)]
    for seen in frame.yielded:
        for holder, content in seen.contents.items():
            if machine.state.content(holder) != content:
                machine.lose(holder, Way.ELSEWHERE, frame.call)
    for config in changed:
        machine.lose(config, Way.ELSEWHERE, frame.call)


def _is_other(state: State, config: Built, before: Life) -> bool:
    after = state.life(config)
    return after is not before and after._replace(is_used=before.is_used) != before


def hand_out(machine: Machine, expression: n.YieldExpr | n.YieldFromExpr | n.AwaitExpr, value: Value) -> None:
    """A generator gives an element, or those of a container."""
    frame = machine.frames[-1]
    given = items_of(machine, value) if isinstance(expression, n.YieldFromExpr) else [Item(value)]
    for item in given:
        lives = {config: machine.state.life(config) for config, _ in machine.state.reachable(item.value)}
        contents = {holder: machine.state.content(holder) for holder in machine.state.holders(item.value)}
        is_chosen = frame.doubts > 0 and not frame.before.isdisjoint(lives)
        frame.yielded.append(Yielded(item.perhaps() if is_chosen else item, lives, contents))
