"""Tasks that are submitted outside of the experiment that their function makes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from mypy import nodes as n
from mypy import types as t

from experimaestro_mypy import codes, names
from experimaestro_mypy.checks.jobs import submitted_task
from experimaestro_mypy.flow.configurations import is_redefined
from experimaestro_mypy.unit import Finding, Module, Unit
from experimaestro_mypy.walk import children, walk

_ENTERED: Final = ("__enter__", "enter_context")
_ELSEWHERE: Final = (n.FuncDef, n.Decorator, n.LambdaExpr, n.ClassDef, n.WithStmt, n.TryStmt)
"""What is not run at once, or not as it stands: in another context, or expecting failures."""


def outside(module: Module, unit: Unit) -> Iterator[Finding]:
    """Submissions after the block of the experiment, or without such a block."""
    if not any(is_experiment(call) for call in unit.of(n.CallExpr)):
        return
    found = [*_after_blocks(module, unit), *_without_block(module, unit)]
    if found and not _is_in_experiment(module, unit):
        yield from found


def is_experiment(expression: n.Expression) -> bool:
    """Whether an experiment is made."""
    callee = expression.callee if isinstance(expression, n.CallExpr) else None
    return isinstance(callee, n.RefExpr) and callee.fullname == names.EXPERIMENT


def _body(module: Module, unit: Unit) -> Sequence[n.Statement]:
    return module.file.defs if unit.function is None else unit.function.body.body


def _after_blocks(module: Module, unit: Unit) -> Iterator[Finding]:
    """The submission that follows each block of an experiment."""
    for statements in _statements(_body(module, unit)):
        blocks = [index for index, one in enumerate(statements) if _enters_experiment(one)]
        if blocks:
            submitted = next(_submissions(module, statements[blocks[0] + 1 :]), None)
            if submitted is not None:
                call, info = submitted
                text = f"{info.name} is submitted after the block of its experiment: move this into the block"
                yield Finding(call, codes.PHASE, text)


def _statements(statements: Sequence[n.Statement]) -> Iterator[Sequence[n.Statement]]:
    """The statements of a body, then those of each block in it, contexts left out."""
    yield statements
    for statement in statements:
        if isinstance(statement, (n.IfStmt, n.ForStmt, n.WhileStmt)):
            for block in children(statement):
                if isinstance(block, n.Block):
                    yield from _statements(block.body)


def _enters_experiment(statement: n.Statement) -> bool:
    return isinstance(statement, n.WithStmt) and any(is_experiment(context) for context in statement.expr)


def _submissions(module: Module, statements: Sequence[n.Statement]) -> Iterator[tuple[n.CallExpr, n.TypeInfo]]:
    stack: list[n.Node] = list(reversed(statements))
    while stack:
        node = stack.pop()
        info = _submitted(module, node) if isinstance(node, n.CallExpr) else None
        if isinstance(node, n.CallExpr) and info is not None:
            yield node, info
        if not isinstance(node, _ELSEWHERE):
            stack.extend(reversed(children(node)))


def _submitted(module: Module, call: n.CallExpr) -> n.TypeInfo | None:
    """The class of a task that a call submits to the experiment around it, and to nothing else."""
    info = submitted_task(module, call)
    is_told = "workspace" in call.arg_names or n.ARG_STAR2 in call.arg_kinds
    return None if info is None or is_told or is_redefined(info, "submit") else info


def _without_block(module: Module, unit: Unit) -> Iterator[Finding]:
    """The submission that follows ``xp = experiment(...)``, if nothing enters that."""
    body = _body(module, unit)
    for index, statement in enumerate(body):
        name = _made(statement)
        if name is None or not _is_idle(module, unit, name):
            continue
        submitted = next(_submissions(module, body[index + 1 :]), None)
        if submitted is not None:
            call, info = submitted
            text = (
                f"{info.name} is submitted outside of the experiment {name.name}, which only a block enters: "
                f"write `with experiment(...) as {name.name}:` around it"
            )
            yield Finding(call, codes.PHASE, text)
        return


def _made(statement: n.Statement) -> n.NameExpr | None:
    if not isinstance(statement, n.AssignmentStmt) or not is_experiment(statement.rvalue):
        return None
    target = statement.lvalues[0]
    return target if len(statement.lvalues) == 1 and isinstance(target, n.NameExpr) else None


def _is_idle(module: Module, unit: Unit, name: n.NameExpr) -> bool:
    """Whether nothing is done with an experiment but to read its attributes, and there is no block of another one."""
    nodes = list(unit.nodes) if unit.function is not None else [node for one in module.units for node in one.nodes]
    owners = {id(node.expr) for node in nodes if isinstance(node, n.MemberExpr) and node.name not in _ENTERED}
    used = [node for node in nodes if isinstance(node, n.NameExpr) and node.node is name.node and node is not name]
    return all(id(node) in owners for node in used) and not any(
        isinstance(node, n.Statement) and _enters_experiment(node) for node in nodes
    )


def _is_in_experiment(module: Module, unit: Unit) -> bool:
    """Whether a function may run inside of an experiment, which is not one that its blocks enter."""
    function = unit.function
    if any(reference.name in _ENTERED for reference in unit.of(n.MemberExpr)):
        return True
    if function is None:
        return False
    if not isinstance(function.type, t.CallableType):
        return bool(function.arguments) or _is_called_inside(module, function)
    declared = map(t.get_proper_type, function.type.arg_types)
    return any(_may_be_experiment(kind) for kind in declared) or _is_called_inside(module, function)


def _may_be_experiment(kind: t.ProperType) -> bool:
    if not isinstance(kind, t.Instance):
        return isinstance(kind, t.AnyType)
    return kind.type.has_base(names.EXPERIMENT) or kind.type.has_base(names.EXPERIMENT_HELPER)


def _is_called_inside(module: Module, function: n.FuncDef) -> bool:
    """Whether the module calls a function in a block of an experiment."""
    blocks = (block for unit in module.units for block in unit.of(n.WithStmt) if _enters_experiment(block))
    return any(
        isinstance(node, (n.NameExpr, n.MemberExpr)) and node.name == function.name
        for block in blocks
        for node in walk(block.body)
    )
