"""Instances made where a plan means a configuration: ``Model(...)`` for ``Model.C(...)``."""

from __future__ import annotations

from collections.abc import Iterator

from mypy import nodes as n

from experimaestro_mypy import codes, configurations, names
from experimaestro_mypy.unit import Finding, Module, Unit


def value_calls(module: Module, unit: Unit) -> Iterator[Finding]:
    """Calls of a configuration class itself, with parameters: these make nothing useful."""
    for call in unit.of(n.CallExpr):
        info = called_class(call)
        if info is not None and configurations.is_configuration(info) and call.args and not _has_constructor(info):
            name = info.name
            yield Finding(
                call,
                codes.VALUE_CALL,
                f"{name}(...) makes an instance, which takes no parameters: write {name}.C(...) for a configuration",
            )


def _has_constructor(info: n.TypeInfo) -> bool:
    """Whether instances of a class are made with arguments: a class may define ``__init__``, or inherit one."""
    own = ((base.fullname, base.names.get("__init__")) for base in info.mro)
    written = next(name for name, method in own if method is not None and not method.plugin_generated)
    return info.fallback_to_any or not written.startswith((f"{names.PACKAGE}.", "builtins.object"))


def called_class(call: n.CallExpr) -> n.TypeInfo | None:
    """The class that is called by its name."""
    callee = call.callee
    return callee.node if isinstance(callee, n.RefExpr) and isinstance(callee.node, n.TypeInfo) else None
