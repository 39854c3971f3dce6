"""The methods of tasks: what runs, and what it gives."""

from __future__ import annotations

from collections.abc import Iterator

from mypy import nodes as n
from mypy import types as t

from experimaestro_mypy import codes, configurations, names
from experimaestro_mypy.flow.outputs import METHOD
from experimaestro_mypy.translations import built
from experimaestro_mypy.unit import Finding, Module, Unit
from experimaestro_mypy.walk import walk


def methods(definition: n.ClassDef) -> Iterator[n.FuncDef]:
    """The methods that a class defines."""
    for statement in definition.defs.body:
        if isinstance(statement, n.FuncDef):
            yield statement
        elif isinstance(statement, n.Decorator):
            yield statement.func


def executes(module: Module) -> Iterator[Finding]:
    """Definitions of ``execute`` that nobody can call as it is called."""
    for definition in module.classes():
        if not definition.info.has_base(names.LIGHTWEIGHT_TASK):
            continue
        for method in methods(definition):
            reason = _refusal(method) if method.name == "execute" else None
            if reason is not None:
                yield Finding(method, codes.EXECUTE, f"execute of {definition.info.name} {reason}")


def _refusal(method: n.FuncDef) -> str | None:
    if method.is_coroutine:
        return "is async: a job calls it and waits for nothing; write def execute(self) -> None"
    extra = [a.variable.name for a in method.arguments[1:] if a.kind in (n.ARG_POS, n.ARG_NAMED)]
    if extra:
        return f"takes {', '.join(extra)}: it is called without arguments, values are parameters of the class"
    returned = t.get_proper_type(method.type.ret_type) if isinstance(method.type, t.CallableType) else None
    if returned is None or isinstance(returned, (t.NoneType, t.AnyType, t.UninhabitedType)):
        return None
    return "returns a value, which nobody receives: write it to a file, and declare -> None"


def submitted_without_execute(module: Module, unit: Unit) -> Iterator[Finding]:
    """Tasks that are built and submitted though their class does not say what to run."""
    for call in unit.of(n.CallExpr):
        info = _submitted(module, call)
        if info is not None and not info.fallback_to_any and not info.is_abstract and _lacks_execute(info):
            yield Finding(call, codes.EXECUTE, f"{info.name} defines no execute(self): there is nothing to run")


def _submitted(module: Module, call: n.CallExpr) -> n.TypeInfo | None:
    callee = call.callee
    if not isinstance(callee, n.MemberExpr) or callee.name != "submit":
        return None
    if isinstance(callee.expr, n.CallExpr) and (info := built(callee.expr)) is not None:
        return info if configurations.is_task(info) else None
    return None


def _lacks_execute(info: n.TypeInfo) -> bool:
    method = info.get_method("execute")
    return method is not None and method.info.fullname.startswith(f"{names.PACKAGE}.")


def outputs(module: Module, unit: Unit) -> Iterator[Finding]:
    """Definitions of ``task_outputs`` that do not mark what they return."""
    for method in unit.functions:
        if method.name == METHOD and method.info and configurations.is_task(method.info):
            yield from _outputs(module, method.info, method)


def _outputs(module: Module, info: n.TypeInfo, method: n.FuncDef) -> Iterator[Finding]:
    names_given = [argument.variable.name for argument in method.arguments[1:]]
    if len(names_given) != 1:
        text = f"task_outputs of {info.name} takes the marker: write def task_outputs(self, dep: DependentMarker)"
        yield Finding(method, codes.TASK_OUTPUTS, text)
        return
    marker = names_given[0]
    for node in walk(method.body):
        if isinstance(node, n.CallExpr) and _is_name(node.callee, marker):
            yield from _marked(module, info, node, marker)
        elif isinstance(node, n.ReturnStmt) and node.expr is not None:
            yield from _returned(module, node.expr, marker, set(_built_names(method)))


def _marked(module: Module, info: n.TypeInfo, call: n.CallExpr, marker: str) -> Iterator[Finding]:
    found = module.type_of(call.args[0]) if call.args else None
    marked = found.type if isinstance(found, t.Instance) else None
    if marked is not None and configurations.is_task(marked):
        text = f"{marker}(...) marks what a task gives, a task itself needs no mark: return {info.name}'s outputs"
        yield Finding(call, codes.TASK_OUTPUTS, text)


def _returned(module: Module, value: n.Expression, marker: str, fresh: set[str]) -> Iterator[Finding]:
    """Configurations that are returned as they were built, without mark."""
    parts = value.items if isinstance(value, (n.TupleExpr, n.ListExpr)) else [value]
    if isinstance(value, n.DictExpr):
        parts = [item for _, item in value.items]
    for part in parts:
        info = built(part) if isinstance(part, n.CallExpr) else None
        if isinstance(part, n.NameExpr) and part.name in fresh:
            found = module.type_of(part)
            info = found.type if isinstance(found, t.Instance) else None
        if info is not None and not configurations.is_task(info) and not _has_marked(part, marker):
            text = f"the {info.name} that task_outputs returns is not marked: write {marker}({info.name}.C(...))"
            yield Finding(part, codes.TASK_OUTPUTS, text)


def _has_marked(value: n.Expression, marker: str) -> bool:
    """Whether a configuration holds one that is marked: what uses the first depends on the task."""
    return any(isinstance(node, n.CallExpr) and _is_name(node.callee, marker) for node in walk(value))


def _built_names(method: n.FuncDef) -> Iterator[str]:
    """Local names that hold a configuration built here, and that nothing else is done with but to return it."""
    nodes = list(walk(method.body))
    used = [node.name for node in nodes if isinstance(node, n.NameExpr)]
    returned = [r.name for node in nodes if isinstance(node, n.ReturnStmt) and node.expr for r in _names(node.expr)]
    for node in nodes:
        target = node.lvalues[0] if isinstance(node, n.AssignmentStmt) and _is_built(node.rvalue) else None
        if isinstance(target, n.NameExpr) and used.count(target.name) == 1 + returned.count(target.name):
            yield target.name


def _is_built(value: n.Expression) -> bool:
    return isinstance(value, n.CallExpr) and built(value) is not None


def _names(expression: n.Expression) -> Iterator[n.NameExpr]:
    return (node for node in walk(expression) if isinstance(node, n.NameExpr))


def _is_name(expression: n.Expression, name: str) -> bool:
    return isinstance(expression, n.NameExpr) and expression.name == name
