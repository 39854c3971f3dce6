"""What ``task_outputs`` returns: configurations that are marked, so that who uses them depends on the task."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from mypy import nodes as n
from mypy import types as t

from experimaestro_mypy import codes, configurations
from experimaestro_mypy.checks.jobs import is_self, own_method
from experimaestro_mypy.flow.outputs import METHOD
from experimaestro_mypy.syntax import built
from experimaestro_mypy.unit import Finding, Module, Unit
from experimaestro_mypy.walk import children, walk

_SIGNATURE: Final = "def task_outputs(self, dep: DependentMarker)"
_COLLECTIONS: Final = ("builtins.list", "builtins.tuple", "builtins.set", "builtins.sorted", "builtins.dict")


def outputs(module: Module, unit: Unit) -> Iterator[Finding]:
    """Definitions of ``task_outputs`` that do not mark what they return."""
    for method in unit.functions:
        if method.name == METHOD and method.info and configurations.is_task(method.info):
            fault = _signature_fault(method)
            if fault is not None:
                yield Finding(method, codes.TASK_OUTPUTS, f"task_outputs of {method.info.name} {fault}")
            elif len(method.arguments) > 1:
                yield from _outputs(module, method)


def _signature_fault(method: n.FuncDef) -> str | None:
    given = method.arguments[1:]
    if any(argument.kind in (n.ARG_STAR, n.ARG_STAR2) for argument in given):
        return None
    if not given:
        return f"takes the marker: write {_SIGNATURE}"
    surplus = [argument.variable.name for argument in given[1:] if argument.kind in (n.ARG_POS, n.ARG_NAMED)]
    return f"takes the marker alone, found {', '.join(surplus)} too: write {_SIGNATURE}" if surplus else None


class _Method(NamedTuple):
    """The method, and what it marks."""

    module: Module
    function: n.FuncDef
    marker: str
    marked: set[str]
    """The names of the marker, and of what may hold something that it marked."""
    fresh: set[str]
    """The names of configurations that it builds, and only returns."""


def _outputs(module: Module, function: n.FuncDef) -> Iterator[Finding]:
    marker = function.arguments[1].variable.name
    method = _Method(module, function, marker, _marked_names(function, marker), set(_built_names(function)))
    for node in _own(function):
        if isinstance(node, n.CallExpr) and _is_name(node.callee, marker):
            yield from _marks_task(method, node)
        elif isinstance(node, n.ReturnStmt) and node.expr is not None:
            for part in _parts(node.expr):
                yield from _not_marked(method, part)


def _own(function: n.FuncDef) -> Iterator[n.Node]:
    """The nodes of a function, those of the functions in it left out."""
    stack: list[n.Node] = [function.body]
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, (n.FuncDef, n.LambdaExpr, n.ClassDef)):
            stack.extend(reversed(children(node)))


def _marks_task(method: _Method, call: n.CallExpr) -> Iterator[Finding]:
    found = method.module.type_of(call.args[0]) if call.args else None
    info = found.type if isinstance(found, t.Instance) else None
    if info is not None and configurations.is_task(info):
        first = call.args[0]
        written = first.name if isinstance(first, n.NameExpr) else f"the {info.name}"
        text = f"{method.marker}(...) marks what a task gives, a task itself needs no mark: return {written} as it is"
        yield Finding(call, codes.TASK_OUTPUTS, text)


def _parts(value: n.Expression) -> Iterator[n.Expression]:
    """The expressions of a returned value that give what it holds."""
    inside: list[n.Expression] | None = None
    match value:
        case n.TupleExpr() | n.ListExpr() | n.SetExpr():
            inside = list(value.items)
        case n.DictExpr():
            inside = [item for _, item in value.items]
        case n.ListComprehension() | n.SetComprehension():
            inside = [value.generator.left_expr]
        case n.GeneratorExpr():
            inside = [value.left_expr]
        case n.DictionaryComprehension():
            inside = [value.value]
        case n.ConditionalExpr():
            inside = [value.if_expr, value.else_expr]
        case n.StarExpr():
            inside = [value.expr]
        case n.CallExpr(callee=n.RefExpr() as callee) if _collects(callee):
            inside = list(value.args)
        case _:
            yield value
    for one in inside or ():
        yield from _parts(one)


def _collects(callee: n.RefExpr) -> bool:
    """Whether what is called holds its arguments, or the elements of one: a list for instance, or a named tuple."""
    is_named_tuple = isinstance(callee.node, n.TypeInfo) and callee.node.is_named_tuple
    return is_named_tuple or callee.fullname in _COLLECTIONS


def _not_marked(method: _Method, part: n.Expression) -> Iterator[Finding]:
    """A configuration that is returned as it was built, without mark."""
    info, helper = _built(method, part), None
    if info is None and isinstance(part, n.CallExpr):
        helper = _helper(method, part)
        info = None if helper is None else _built_by(helper)
    if info is None or configurations.is_task(info) or _is_marked(method, part):
        return
    instead = f"{method.marker}({info.name}.C(...))" if helper is None else f"{method.marker}(self.{helper.name}(...))"
    text = f"the {info.name} that task_outputs returns is not marked: write {instead}"
    yield Finding(part, codes.TASK_OUTPUTS, text)


def _built(method: _Method, part: n.Expression) -> n.TypeInfo | None:
    if isinstance(part, n.NameExpr) and part.name in method.fresh:
        found = method.module.type_of(part)
        return found.type if isinstance(found, t.Instance) else None
    return built(part) if isinstance(part, n.CallExpr) else None


def _helper(method: _Method, call: n.CallExpr) -> n.FuncDef | None:
    """The method of the same object that is called."""
    callee = call.callee
    if not isinstance(callee, n.MemberExpr) or not is_self(callee.expr, method.function):
        return None
    return own_method(method.module, method.function.info, callee.name)


def _built_by(helper: n.FuncDef) -> n.TypeInfo | None:
    """The class of what a method builds and returns, if it does nothing else."""
    returned = [node.expr for node in _own(helper) if isinstance(node, n.ReturnStmt)]
    found = [built(value) if isinstance(value, n.CallExpr) else None for value in returned]
    is_plain = not (helper.is_generator or helper.is_coroutine or helper.is_decorated)
    return found[0] if found and is_plain and all(found) else None


def _is_marked(method: _Method, value: n.Expression) -> bool:
    """Whether a configuration may hold one that is marked: what uses the first depends on the task."""
    return any(name.name in method.marked for name in _names(value))


def _marked_names(function: n.FuncDef, marker: str) -> set[str]:
    """The names of a marker, and of all that is made with it."""
    nodes = list(walk(function.body))
    found, before = {marker}, 0
    while len(found) > before:
        before = len(found)
        for node in nodes:
            found.update(_names_made(node, found))
    return found


def _names_made(node: n.Node, marked: set[str]) -> Iterator[str]:
    """The names that a node gives to what holds something marked."""
    match node:
        case n.AssignmentStmt():
            sources, targets = [node.rvalue], list(node.lvalues)
        case n.OperatorAssignmentStmt():
            sources, targets = [node.rvalue], [node.lvalue]
        case n.AssignmentExpr():
            sources, targets = [node.value], [node.target]
        case n.ForStmt():
            sources, targets = [node.expr], [node.index]
        case n.GeneratorExpr() | n.DictionaryComprehension():
            sources, targets = list(node.sequences), list(node.indices)
        case n.CallExpr(callee=n.MemberExpr() as callee):  # a list gets it, or an attribute
            sources, targets = list(node.args), [callee.expr]
        case n.FuncDef():
            is_marked = any(name.name in marked for name in _names(node.body))
            yield from [node.name] if is_marked else []
            return
        case _:
            return
    if any(name.name in marked for source in sources for name in _names(source)):
        yield from (name.name for target in targets for name in _names(target))


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


def _names(node: n.Node) -> Iterator[n.NameExpr]:
    return (found for found in walk(node) if isinstance(found, n.NameExpr))


def _is_name(expression: n.Expression, name: str) -> bool:
    return isinstance(expression, n.NameExpr) and expression.name == name
