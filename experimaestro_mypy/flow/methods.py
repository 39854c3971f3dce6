"""Calls of methods of configurations, and of what tasks return."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from mypy import nodes as n

from experimaestro_mypy import names
from experimaestro_mypy.configurations import is_task
from experimaestro_mypy.flow.configurations import close, configuration_type, copy, depend, is_redefined, submit
from experimaestro_mypy.flow.events import Executed, Mistaken, Way
from experimaestro_mypy.flow.functions import inert
from experimaestro_mypy.flow.machine import Machine, each, single
from experimaestro_mypy.flow.summaries import follow_call, method
from experimaestro_mypy.flow.values import UNKNOWN, Built, File, Loaded, Made, Output, Value, alternatives


def of_loaded(machine: Machine, receiver: Loaded, call: n.CallExpr, callee: n.MemberExpr) -> None:
    """Tells of the call of a method of what was read from a file."""
    info = configuration_type(machine.module.type_of(callee.expr))
    is_task = receiver.is_task if info is None else info.has_base(names.LIGHTWEIGHT_TASK)
    if callee.name == "execute" and is_task:
        machine.emit(Executed(info, call, receiver.function))


def of_configuration(machine: Machine, receiver: Value, expression: n.CallExpr, name: str) -> Value:
    """The value of the call of a method."""
    known = _METHODS.get(name)
    if known is not None:
        return known(machine, receiver, expression)
    called = method(machine, receiver, name)
    values = machine.arguments(expression)
    result = None if called is None else follow_call(machine, called, expression, values)
    if result is not None:
        return result
    for value in [receiver, *values]:
        machine.lose(value, _way_of_method(machine, receiver), expression)
    return UNKNOWN


def _way_of_method(machine: Machine, receiver: Value) -> Way:
    """A method of a class of the module does not set parameters that nothing in the module sets."""
    config = single(receiver)
    prefix = f"{machine.module.file.fullname}."
    return Way.PASSED if config is not None and config.info.fullname.startswith(prefix) else Way.ELSEWHERE


def _submit(machine: Machine, receiver: Value, expression: n.CallExpr) -> Value:
    for one in alternatives(receiver):
        if isinstance(one, Made):
            machine.emit(Mistaken(one, "submitted", expression))
        if isinstance(one, Built) and (not is_task(one.info) or is_redefined(one.info, "submit")):
            machine.lose(receiver, Way.ELSEWHERE, expression)
    return submit(machine, receiver, expression)


def _execute(machine: Machine, receiver: Value, expression: n.CallExpr) -> Value:
    info = receiver.info if isinstance(receiver, (Built, Output)) else None
    if info is not None and info.has_base(names.LIGHTWEIGHT_TASK):
        machine.emit(Executed(info, expression))
    for value in [receiver, *machine.arguments(expression)]:
        machine.lose(value, Way.ELSEWHERE, expression)
    return UNKNOWN


def _itself(machine: Machine, receiver: Value, expression: n.CallExpr) -> Value:
    machine.arguments(expression)
    return receiver


def _seal(machine: Machine, receiver: Value, expression: n.CallExpr) -> Value:
    close(machine, receiver, expression)
    return receiver


def _instance(machine: Machine, receiver: Value, expression: n.CallExpr) -> Value:
    machine.arguments(expression)
    close(machine, receiver, expression)
    machine.use(receiver)
    return each(receiver, lambda one: Made(one.info) if isinstance(one, Built) else UNKNOWN)


def _copy(machine: Machine, receiver: Value, expression: n.CallExpr) -> Value:
    made = copy(machine, receiver, expression)
    machine.change(made, lambda life: life._replace(fields={}))  # it holds copies of what they are
    return made


def _wait(machine: Machine, receiver: Value, expression: n.CallExpr) -> Value:
    machine.wait()
    return inert(machine, expression)


def _log(machine: Machine, receiver: Value, expression: n.CallExpr) -> Value:
    """``task.stdout()``: a file, like those in the directory of the job."""
    machine.arguments(expression)
    name = expression.callee.name if isinstance(expression.callee, n.MemberExpr) else ""
    return each(receiver, lambda one: File(one, f"{name}()", expression) if isinstance(one, Built) else UNKNOWN)


def _watch(machine: Machine, receiver: Value, expression: n.CallExpr) -> Value:
    for value in machine.arguments(expression):
        machine.lose(value, Way.ELSEWHERE, expression)
    machine.use(receiver)
    return UNKNOWN


_METHODS: Final[dict[str, Callable[[Machine, Value, n.CallExpr], Value]]] = {
    "submit": _submit,
    "execute": _execute,
    "tag": _itself,
    "copy_dependencies": _itself,
    "add_dependencies": depend,
    "seal": _seal,
    "instance": _instance,
    "copy": _copy,
    "wait": _wait,
    "on_completed": _watch,
    "watch_output": _watch,
    "stdout": _log,
    "stderr": _log,
    **dict.fromkeys(
        ("tags", "to_str", "__identifier__", "__json__", "__str__", "__repr__"),
        lambda machine, receiver, expression: inert(machine, expression),
    ),
}
