"""Instances made where a plan means a configuration: ``Model(...)`` for ``Model.C(...)``."""

from __future__ import annotations

from collections.abc import Iterator

from mypy import nodes as n

from experimaestro_mypy import codes, configurations
from experimaestro_mypy.unit import Finding, Module, Unit


def value_calls(module: Module, unit: Unit) -> Iterator[Finding]:
    """Calls of a configuration class itself, with parameters: these make nothing useful."""
    for call in unit.of(n.CallExpr):
        info = called_class(call)
        if info is not None and configurations.is_configuration(info) and call.args:
            name = info.name
            yield Finding(
                call,
                codes.VALUE_CALL,
                f"{name}(...) makes an instance, which takes no parameters: write {name}.C(...) for a configuration",
            )


def called_class(call: n.CallExpr) -> n.TypeInfo | None:
    """The class that is called by its name."""
    callee = call.callee
    return callee.node if isinstance(callee, n.RefExpr) and isinstance(callee.node, n.TypeInfo) else None
