"""Calls: of what builds configurations, of methods, and of code that is not followed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from mypy import nodes as n
from mypy import types as t

from experimaestro_mypy.flow import containers, instances, paths, waits
from experimaestro_mypy.flow.configurations import build, make, postpone
from experimaestro_mypy.flow.events import Way
from experimaestro_mypy.flow.functions import function, inert, keys, reader
from experimaestro_mypy.flow.machine import Machine
from experimaestro_mypy.flow.makers import CONFIGURATION_CLASS, made
from experimaestro_mypy.flow.methods import of_configuration, of_loaded
from experimaestro_mypy.flow.summaries import Target, follow_call, target
from experimaestro_mypy.flow.targets import edited
from experimaestro_mypy.flow.values import (
    UNKNOWN,
    Built,
    File,
    Holder,
    Kind,
    Loaded,
    Made,
    Maker,
    Output,
    Pending,
    Value,
    alternatives,
    present,
)

_DEFINITIONS: Final = (n.FuncDef, n.TypeInfo, n.OverloadedFuncDef, n.Decorator)
_LOGGING: Final = ("debug", "info", "warning", "error", "exception", "critical", "log")


def call(machine: Machine, expression: n.CallExpr) -> Value:
    """The value of a call."""
    callee = expression.callee
    if isinstance(callee, n.MemberExpr) and callee.name in CONFIGURATION_CLASS:
        return _built(machine, expression, callee)
    called = target(machine, expression)
    if called is not None:
        return _followed(machine, expression, called)
    if isinstance(callee, n.MemberExpr) and not isinstance(callee.node, _DEFINITIONS):
        return _method(machine, expression, callee)
    known = function(machine, expression)
    known = known if known is not None else made(machine, expression)
    return known if known is not None else _other(machine, expression, callee)


def _followed(machine: Machine, expression: n.CallExpr, called: Target) -> Value:
    """What a function of the module returns."""
    values = machine.arguments(expression)
    result = follow_call(machine, called, expression, values)
    return result if result is not None else _passed(machine, expression, values)


def _built(machine: Machine, expression: n.CallExpr, callee: n.MemberExpr) -> Value:
    """What ``X.C(...)`` builds."""
    written = callee.expr.analyzed if isinstance(callee.expr, n.IndexExpr) else callee.expr
    named = written.expr if isinstance(written, n.TypeApplication) else callee.expr
    if not isinstance(named, n.RefExpr):
        machine.evaluate(named)
    return build(machine, expression, named)


def _other(machine: Machine, expression: n.CallExpr, callee: n.Expression) -> Value:
    """Code that is not followed: it may do anything with its arguments."""
    if not isinstance(callee, n.RefExpr):
        called = machine.evaluate(callee)
        if isinstance(called, Maker):
            return make(machine, expression, called)
        machine.lose(called, Way.ELSEWHERE, expression)
    return _passed(machine, expression, machine.arguments(expression))


def _passed(machine: Machine, expression: n.CallExpr, values: Sequence[Value]) -> Value:
    """Other code has the arguments of a call."""
    callee = expression.callee
    way = Way.PASSED if waits.is_near(machine.module, callee) else Way.ELSEWHERE
    for value in values:
        machine.lose(value, way, expression)
    if waits.may_wait(machine.module, expression, callee):
        machine.wait(certainly=False)
    return UNKNOWN


def _method(machine: Machine, expression: n.CallExpr, callee: n.MemberExpr) -> Value:
    if paths.is_reader(callee):
        return reader(machine, expression)
    if callee.name in containers.EDITS:
        _edit(machine, expression, callee)
    if callee.name in containers.HASHING and expression.args and isinstance(expression.args[0], n.NameExpr):
        value = machine.evaluate(expression.args[0])
        containers.hash_in(machine, callee.expr, value, expression, is_search=callee.name != "add")
    receiver = _without_classes(present(machine.evaluate(callee.expr)))
    if isinstance(receiver, Holder) or all(isinstance(one, Holder) for one in alternatives(receiver)):
        return containers.method(machine, receiver, expression, callee.name)
    if isinstance(receiver, File):
        return paths.method(machine, receiver, expression, callee.name)
    if all(isinstance(one, (Built, Output, Made)) for one in alternatives(receiver)):
        return of_configuration(machine, receiver, expression, callee.name)
    if isinstance(receiver, Loaded):
        of_loaded(machine, receiver, expression, callee)
        return _of_unknown(machine, expression, callee)
    if receiver == UNKNOWN:
        return _of_unknown(machine, expression, callee)
    machine.lose(receiver, Way.ELSEWHERE, expression)
    return _other(machine, expression, callee)


def _without_classes(receiver: Value) -> Value:
    """The class methods that are followed are known already."""
    return UNKNOWN if isinstance(receiver, Kind) else receiver


def _edit(machine: Machine, expression: n.CallExpr, callee: n.MemberExpr) -> None:
    """A list of a configuration is changed; tasks that it gets are looked at when it is submitted."""
    config = edited(machine, callee.expr, expression)
    added = expression.args[-1] if expression.args and callee.name in containers.ADDITIONS else None
    if config is not None and isinstance(added, n.NameExpr):
        postpone(machine, config, Pending(machine.evaluate(added), added))


def _of_unknown(machine: Machine, expression: n.CallExpr, callee: n.MemberExpr) -> Value:
    if callee.name == "wait":
        machine.wait()
    if callee.name == "fromkeys" and isinstance(callee.expr, n.RefExpr) and callee.expr.fullname == "builtins.dict":
        return keys(machine, expression)
    if _is_harmless(machine, callee):
        return inert(machine, expression)
    _other(machine, expression, callee)
    return instances.returned(machine, expression, callee)


def _is_harmless(machine: Machine, callee: n.MemberExpr) -> bool:
    kind = machine.module.type_of(callee.expr)
    name = kind.type.fullname if isinstance(kind, t.Instance) else ""
    if isinstance(kind, t.LiteralType) or isinstance(callee.expr, n.StrExpr) or name == "builtins.str":
        return True
    return callee.name in _LOGGING and (name.startswith(("logging.", "loguru.")) or not name)
