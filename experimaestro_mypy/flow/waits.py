"""Code that is not followed, and that may wait for the jobs of a plan."""

from __future__ import annotations

import sys
from typing import Final

from mypy import nodes as n
from mypy import types as t

from experimaestro_mypy import names
from experimaestro_mypy.unit import Module
from experimaestro_mypy.walk import walk

_WAIT: Final = "wait"
_DEFINITIONS: Final = (n.FuncDef, n.TypeInfo, n.OverloadedFuncDef, n.Decorator)
_OTHERS: Final = frozenset({names.PACKAGE, "numpy", "pandas", "rich", "torch", "tqdm", "typing_extensions", "yaml"})
"""Libraries, beside the standard one, that know nothing of jobs."""


def is_near(module: Module, callee: n.Expression) -> bool:
    """Whether a function or class belongs to the module."""
    node = callee.node if isinstance(callee, n.RefExpr) else None
    if isinstance(node, _DEFINITIONS):
        return node.fullname.startswith(f"{module.file.fullname}.") or "." not in node.fullname
    return False


def may_wait(module: Module, expression: n.CallExpr, callee: n.Expression) -> bool:
    """Whether what is called may wait for the jobs."""
    kinds = [module.type_of(argument) for argument in expression.args]
    if any(kind is None or (isinstance(kind, t.Instance) and _runs(kind.type)) for kind in kinds):
        return True
    if isinstance(callee, n.MemberExpr) and knows_how(module, callee.expr):
        return True
    node = callee.node if isinstance(callee, n.RefExpr) else None
    definition = node.func if isinstance(node, n.Decorator) else node
    if isinstance(definition, n.FuncDef) and is_near(module, callee):  # the code of others may not be there
        return _calls(definition)
    name = callee.name if isinstance(callee, (n.NameExpr, n.MemberExpr)) else ""
    return _WAIT in name or isinstance(node, n.Var)


def knows_how(module: Module, receiver: n.Expression) -> bool:
    """Whether the methods of an object may wait: the code of its class does, or cannot be seen."""
    kind = module.type_of(receiver)
    if not isinstance(kind, t.Instance):
        return False
    if kind.type.module_name == module.file.fullname:
        return _calls(kind.type.defn)
    library = kind.type.module_name.partition(".")[0]
    return library not in sys.stdlib_module_names and library not in _OTHERS


def _runs(info: n.TypeInfo) -> bool:
    return info.has_base(names.EXPERIMENT) or info.has_base(names.EXPERIMENT_HELPER)


def _calls(definition: n.Node) -> bool:
    return any(isinstance(inside, n.MemberExpr) and inside.name == _WAIT for inside in walk(definition))
