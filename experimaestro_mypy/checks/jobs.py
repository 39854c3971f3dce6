"""Methods that run in a job: they neither submit nor tag, and what they get are instances already."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mypy import nodes as n

from experimaestro_mypy import codes, configurations, names
from experimaestro_mypy.flow.configurations import configuration_type, is_redefined
from experimaestro_mypy.flow.following import IN_JOB, runs_in_job
from experimaestro_mypy.unit import Finding, Module, Unit
from experimaestro_mypy.walk import walk


def in_job(module: Module, unit: Unit) -> Iterator[Finding]:
    """Submissions, tags and calls of `instance` in methods that run in a job, or that these call."""
    for function in unit.functions:
        if not function.info or not configurations.is_configuration(function.info):
            continue
        calls = [node for node in walk(function.body) if isinstance(node, n.CallExpr)]
        if not runs_in_job(function):
            yield from _called_in_job(module, function, calls)
        elif not _makes_experiment(calls):
            place = f"{function.name}, which runs in a job"
            for call in calls:
                yield from _tagged(module, call, place)
                yield from _submitted(module, call, place)
                yield from _made_again(module, function, call, place)


def _makes_experiment(calls: list[n.CallExpr]) -> bool:
    return any(isinstance(call.callee, n.RefExpr) and call.callee.fullname == names.EXPERIMENT for call in calls)


def _tagged(module: Module, call: n.CallExpr, place: str) -> Iterator[Finding]:
    callee = call.callee
    is_tag = isinstance(callee, n.RefExpr) and callee.fullname == names.TAG
    if isinstance(callee, n.MemberExpr) and callee.name == "tag":
        info = configuration_type(module.type_of(callee.expr))
        is_tag = is_tag or (info is not None and not is_redefined(info, "tag"))
    if is_tag:
        yield Finding(call, codes.PHASE, f"tag() is called in {place}: tags belong to the plan")


def _submitted(module: Module, call: n.CallExpr, place: str) -> Iterator[Finding]:
    info = submitted_task(module, call)
    if info is not None:
        yield Finding(call, codes.PHASE, f"{info.name} is submitted in {place}: submit it in the plan")


def submitted_task(module: Module, call: n.CallExpr) -> n.TypeInfo | None:
    """The class of the task that a call submits to the experiment around it."""
    callee = call.callee
    if not isinstance(callee, n.MemberExpr) or callee.name != "submit" or "run_mode" in call.arg_names:
        return None
    info = configuration_type(module.type_of(callee.expr))
    return info if info is not None and configurations.is_task(info) else None


def _called_in_job(module: Module, function: n.FuncDef, calls: list[n.CallExpr]) -> Iterator[Finding]:
    """Submissions in a method that another one calls, which runs in a job."""
    submissions = [call for call in calls if submitted_task(module, call) is not None]
    caller = _caller(module, function) if submissions and not _makes_experiment(calls) else None
    for call in submissions if caller else ():
        yield from _submitted(module, call, f"{function.name}, which {caller} calls in a job")


def _caller(module: Module, function: n.FuncDef) -> str | None:
    """The method that runs in a job and calls another one of its class, perhaps through others."""
    for definition in module.classes():
        if function.info in definition.info.mro:
            for name in IN_JOB:
                method = own_method(module, definition.info, name)
                if method is not None and runs_in_job(method) and _reaches(module, definition.info, method, function):
                    return name
    return None


def _reaches(module: Module, info: n.TypeInfo, method: n.FuncDef, wanted: n.FuncDef) -> bool:
    pending, seen = [method], {method}
    while pending:
        found = pending.pop()
        calls = [node for node in walk(found.body) if isinstance(node, n.CallExpr)]
        if _makes_experiment(calls):
            continue
        called = {own_method(module, info, name) for name in _own_methods(found, calls)}
        if wanted in called:
            return True
        fresh = [one for one in called if one is not None and one not in seen]
        pending.extend(fresh)
        seen.update(fresh)
    return False


def _own_methods(method: n.FuncDef, calls: list[n.CallExpr]) -> Iterator[str]:
    """The methods that a method calls of its own object."""
    for call in calls:
        if isinstance(call.callee, n.MemberExpr) and is_self(call.callee.expr, method):
            yield call.callee.name


def is_self(expression: n.Expression, method: n.FuncDef) -> bool:
    """Whether an expression is the first argument of a method."""
    return (
        bool(method.arguments)
        and isinstance(expression, n.NameExpr)
        and expression.node is method.arguments[0].variable
    )


def own_method(module: Module, info: n.TypeInfo, name: str) -> n.FuncDef | None:
    """A method of a class, if it is defined in the module: the code of others may not be there."""
    symbol = info.get(name)
    node = symbol.node if symbol is not None else None
    function = node.func if isinstance(node, n.Decorator) else node
    is_here = isinstance(function, n.FuncDef) and function.info.module_name == module.file.fullname
    return function if isinstance(function, n.FuncDef) and is_here else None


_INSTANCE: Final = "instance"


def _made_again(module: Module, function: n.FuncDef, call: n.CallExpr, place: str) -> Iterator[Finding]:
    """``self.encoder.instance()``: the job has made it."""
    callee = call.callee
    if not isinstance(callee, n.MemberExpr) or callee.name != _INSTANCE or not isinstance(callee.expr, n.MemberExpr):
        return
    info = configuration_type(module.type_of(callee.expr))
    written = _path(module, function, callee.expr)
    if info is not None and written is not None and not is_redefined(info, _INSTANCE):
        text = f"{written} is an instance of {info.name} already in {place}: use it without instance()"
        yield Finding(call, codes.PHASE, text)


def _path(module: Module, function: n.FuncDef, read: n.MemberExpr) -> str | None:
    """A parameter of the object of a method, or of one that is a parameter, as it is written."""
    owner: n.TypeInfo | None = None
    before: str | None = None
    if is_self(read.expr, function):
        owner, before = function.info, function.arguments[0].variable.name
    elif isinstance(read.expr, n.MemberExpr):
        owner, before = configuration_type(module.type_of(read.expr)), _path(module, function, read.expr)
    if owner is None or before is None or read.name not in configurations.parameters(owner):
        return None
    return None if _is_assigned(function, read.name) else f"{before}.{read.name}"


def _is_assigned(function: n.FuncDef, name: str) -> bool:
    """Whether a class gives an attribute another value."""
    assignments = (node for node in walk(function.info.defn) if isinstance(node, n.AssignmentStmt))
    targets = (target for assignment in assignments for target in assignment.lvalues)
    return any(isinstance(target, n.MemberExpr) and target.name == name for target in targets)
