"""Calls: of what builds configurations, of methods, and of code that is not followed."""

from __future__ import annotations

from typing import Final

from mypy import nodes as n
from mypy import types as t

from experimaestro_mypy import names
from experimaestro_mypy.flow import containers, paths
from experimaestro_mypy.flow.configurations import build, postpone
from experimaestro_mypy.flow.events import Way
from experimaestro_mypy.flow.functions import function, inert, last_name, reader
from experimaestro_mypy.flow.machine import Machine
from experimaestro_mypy.flow.methods import of_configuration
from experimaestro_mypy.flow.targets import edited
from experimaestro_mypy.flow.values import UNKNOWN, Built, File, Holder, Made, Output, Pending, Value, alternatives
from experimaestro_mypy.walk import walk

CONFIGURATION_CLASS: Final = ("C", "XPMConfig")

_DEFINITIONS: Final = (n.FuncDef, n.TypeInfo, n.OverloadedFuncDef, n.Decorator)
_LOGGING: Final = ("debug", "info", "warning", "error", "exception", "critical", "log")


def call(machine: Machine, expression: n.CallExpr) -> Value:
    """The value of a call."""
    callee = expression.callee
    if isinstance(callee, n.MemberExpr) and callee.name in CONFIGURATION_CLASS:
        return _built(machine, expression, callee)
    if isinstance(callee, n.MemberExpr) and not isinstance(callee.node, _DEFINITIONS):
        return _method(machine, expression, callee)
    known = function(machine, expression)
    return known if known is not None else _other(machine, expression, callee)


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
        machine.lose(machine.evaluate(callee), Way.ELSEWHERE, expression)
    values = machine.arguments(expression)
    way = Way.PASSED if is_near(machine, callee) else Way.ELSEWHERE
    for value in values:
        machine.lose(value, way, expression)
    if may_wait(machine, expression, callee):
        machine.wait(certainly=False)
    return UNKNOWN


def is_near(machine: Machine, callee: n.Expression) -> bool:
    """Whether a function or class belongs to the module."""
    node = callee.node if isinstance(callee, n.RefExpr) else None
    if isinstance(node, _DEFINITIONS):
        return node.fullname.startswith(f"{machine.module.file.fullname}.") or "." not in node.fullname
    return False


def may_wait(machine: Machine, expression: n.CallExpr, callee: n.Expression) -> bool:
    """Whether code that is not followed may wait for the jobs."""
    kinds = [machine.module.type_of(argument) for argument in expression.args]
    if any(kind is None or (isinstance(kind, t.Instance) and _runs(kind.type)) for kind in kinds):
        return True
    node = callee.node if isinstance(callee, n.RefExpr) else None
    definition = node.func if isinstance(node, n.Decorator) else node
    if isinstance(definition, n.FuncDef) and is_near(machine, callee):  # the code of others may not be there
        return any(isinstance(inside, n.MemberExpr) and inside.name == "wait" for inside in walk(definition))
    return "wait" in last_name(callee) or isinstance(node, n.Var)


def _runs(info: n.TypeInfo) -> bool:
    return info.has_base(names.EXPERIMENT) or info.has_base(names.EXPERIMENT_HELPER)


def _method(machine: Machine, expression: n.CallExpr, callee: n.MemberExpr) -> Value:
    if paths.is_reader(callee):
        return reader(machine, expression)
    if callee.name in containers.EDITS:
        _edit(machine, expression, callee)
    receiver = machine.evaluate(callee.expr)
    if isinstance(receiver, Holder) or all(isinstance(one, Holder) for one in alternatives(receiver)):
        return containers.method(machine, receiver, expression, callee.name)
    if isinstance(receiver, File):
        return paths.method(machine, receiver, expression, callee.name)
    if all(isinstance(one, (Built, Output, Made)) for one in alternatives(receiver)):
        return of_configuration(machine, receiver, expression, callee.name)
    if receiver == UNKNOWN:
        return _of_unknown(machine, expression, callee)
    machine.lose(receiver, Way.ELSEWHERE, expression)
    return _other(machine, expression, callee)


def _edit(machine: Machine, expression: n.CallExpr, callee: n.MemberExpr) -> None:
    """A list of a configuration is changed; tasks that it gets are looked at when it is submitted."""
    config = edited(machine, callee.expr, expression)
    added = expression.args[-1] if expression.args and callee.name in containers.ADDITIONS else None
    if config is not None and isinstance(added, n.NameExpr):
        postpone(machine, config, Pending(machine.evaluate(added), added))


def _of_unknown(machine: Machine, expression: n.CallExpr, callee: n.MemberExpr) -> Value:
    if callee.name == "wait":
        machine.wait()
    if _is_harmless(machine, callee):
        return inert(machine, expression)
    return _other(machine, expression, callee)


def _is_harmless(machine: Machine, callee: n.MemberExpr) -> bool:
    kind = machine.module.type_of(callee.expr)
    name = kind.type.fullname if isinstance(kind, t.Instance) else ""
    if isinstance(kind, t.LiteralType) or isinstance(callee.expr, n.StrExpr) or name == "builtins.str":
        return True
    return callee.name in _LOGGING and (name.startswith(("logging.", "loguru.")) or not name)
