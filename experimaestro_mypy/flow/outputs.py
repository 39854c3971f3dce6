"""What `task_outputs` gives to the configurations that it returns: some paths are in the directory of the task."""

from __future__ import annotations

from collections.abc import Iterator

from mypy import nodes as n

from experimaestro_mypy.walk import walk

METHOD = "task_outputs"


def task_outputs(definition: n.ClassDef) -> Iterator[tuple[str, str]]:
    """The parameters given in `task_outputs`, each with the attribute of the task that it gets, or an empty text."""
    for function in definition.defs.body:
        if isinstance(function, n.FuncDef) and function.name == METHOD and function.arguments:
            owner = function.arguments[0].variable.name
            for call in walk(function.body):
                if isinstance(call, n.CallExpr):
                    yield from _given(call, owner)


def _given(call: n.CallExpr, owner: str) -> Iterator[tuple[str, str]]:
    for name, argument in zip(call.arg_names, call.args, strict=True):
        if name is not None:
            is_own = isinstance(argument, n.MemberExpr) and _is_name(argument.expr, owner)
            yield name, argument.name if is_own and isinstance(argument, n.MemberExpr) else ""


def _is_name(expression: n.Expression, name: str) -> bool:
    return isinstance(expression, n.NameExpr) and expression.name == name
