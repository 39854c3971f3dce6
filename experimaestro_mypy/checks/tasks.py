"""The methods of tasks: what runs, and what it gives."""

from __future__ import annotations

from collections.abc import Iterator

from mypy import nodes as n
from mypy import types as t

from experimaestro_mypy import codes, configurations, names
from experimaestro_mypy.syntax import built
from experimaestro_mypy.unit import Finding, Module, Unit


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
    if method.is_generator:
        return "is a generator, it has yield: nothing would run; write def execute(self) -> None, without yield"
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
