"""Configurations that lack a required parameter when they are used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mypy import nodes as n
from mypy import types as t

from experimaestro_mypy import codes, configurations, names
from experimaestro_mypy.candidates import is_optional
from experimaestro_mypy.flow.events import Closed, Ended, Event, Left, Way
from experimaestro_mypy.flow.values import Built, Life
from experimaestro_mypy.unit import Finding, Module, Unit
from experimaestro_mypy.walk import walk


def missing_parameters(module: Module, unit: Unit, events: Sequence[Event]) -> Iterator[Finding]:
    """Configurations that lack a required parameter as they are sealed, or go where nothing completes them."""
    for event in events:
        if not isinstance(event, (Closed, Left, Ended)):
            continue
        absent = missing(event.config, event.life)
        if absent and _is_settled(module, unit, event, absent):
            yield _finding(event, absent)


def missing(config: Built, life: Life) -> list[str]:
    """The required parameters that no path gave."""
    if life.is_open or life.is_lost or not config.is_exact:
        return []
    return [
        name
        for name, declared in configurations.parameters(config.info).items()
        if declared.parameter.is_required and name not in life.given and not is_optional(config.info, declared)
    ]


def _is_settled(module: Module, unit: Unit, event: Closed | Left | Ended, absent: Sequence[str]) -> bool:
    """Whether nothing can give the parameters that are absent any more."""
    if event.config.by is not None:
        return isinstance(event, Closed) and not _is_told_where_built(module, event.config, absent)
    if isinstance(event, Closed):
        return True
    if event.config.is_copy or event.life.is_template:
        return False
    if isinstance(event, Ended):
        return event.is_named and unit.function is not None
    if event.way is Way.ELSEWHERE or (event.way is Way.RETURNED and not _is_called(module, unit)):
        return False
    return not any(_may_set(module, node, absent) for node in _walk(module.file))


def _is_told_where_built(module: Module, config: Built, absent: Sequence[str]) -> bool:
    """Whether the function that built a configuration has the finding: it returns what nothing completes."""
    callee = config.where.callee if isinstance(config.where, n.CallExpr) else None
    written = callee.expr if isinstance(callee, n.MemberExpr) else None
    is_exact = isinstance(written, n.RefExpr) and isinstance(written.node, n.TypeInfo)
    if config.by is not None and config.by.is_property:
        return False
    return is_exact and not any(_may_set(module, node, absent) for node in _walk(module.file))


def _is_called(module: Module, unit: Unit) -> bool:
    """Whether the module calls the function: it would complete what is returned."""
    around = [] if unit.function is None else [unit.function]
    functions = {function.name for function in [*around, *unit.of(n.FuncDef)]}
    return any(
        isinstance(node.callee, (n.NameExpr, n.MemberExpr)) and node.callee.name in functions
        for node in _walk(module.file)
        if isinstance(node, n.CallExpr)
    )


def _walk(file: n.MypyFile) -> Iterator[n.Node]:
    for statement in file.defs:
        yield from walk(statement)


def _may_set(module: Module, node: n.Node, absent: Sequence[str]) -> bool:
    """Whether code may give one of these parameters to a configuration that exists already."""
    match node:
        case n.AssignmentStmt():
            return any(isinstance(target, n.MemberExpr) and target.name in absent for target in node.lvalues)
        case n.OpExpr():
            return node.op == "@"
        case n.CallExpr():
            return _sets(node, absent) or _copies(module, node)
        case _:
            return False


def _sets(call: n.CallExpr, absent: Sequence[str]) -> bool:
    callee = call.callee.fullname if isinstance(call.callee, n.RefExpr) else ""
    if callee == "builtins.setattr":
        name = call.args[1] if len(call.args) > 1 else None
        return not isinstance(name, n.StrExpr) or name.value in absent
    return callee == names.COPYCONFIG and any(name is None or name in absent for name in call.arg_names[1:])


def _copies(module: Module, call: n.CallExpr) -> bool:
    """Whether a configuration is copied: the copy may get what this one lacks."""
    callee = call.callee
    if not isinstance(callee, n.MemberExpr) or callee.name != "copy" or call.args:
        return False
    node = callee.expr.node if isinstance(callee.expr, n.NameExpr) else None
    kind = module.type_of(callee.expr) or (t.get_proper_type(node.type) if isinstance(node, n.Var) else None)
    return not isinstance(kind, t.Instance) or configurations.is_configuration(kind.type)


def _finding(event: Closed | Left | Ended, absent: Sequence[str]) -> Finding:
    config, first = event.config, absent[0]
    kind = config.info.name
    listed = ", ".join(absent)
    word = "parameter" if len(absent) == 1 else "parameters"
    if config.by is not None and isinstance(event, Closed):
        text = f"this {kind} lacks the required {word} {listed}: {config.builder} builds it without, set it before"
        return Finding(event.where, codes.MISSING_PARAM, text)
    if config.is_copy:
        text = f"this copy lacks the required {word} {listed} of {kind}, as what it copies did: set {first} in the copy"
        return Finding(config.where, codes.MISSING_PARAM, text)
    return Finding(
        config.where,
        codes.MISSING_PARAM,
        f"{kind}.C(...) lacks the required {word} {listed}: write {kind}.C({first}=..., ...)",
    )
