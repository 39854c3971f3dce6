"""Instances made where a plan means a configuration: ``Model(...)`` for ``Model.C(...)``."""

from __future__ import annotations

from collections.abc import Iterator

from mypy import nodes as n

from experimaestro_mypy import codes, configurations, names
from experimaestro_mypy.syntax import called_class
from experimaestro_mypy.unit import Finding, Module, Unit


def value_calls(module: Module, unit: Unit) -> Iterator[Finding]:
    """Calls of a configuration class itself, with parameters: these make nothing useful."""
    for call in unit.of(n.CallExpr):
        info = called_class(call)
        if info is None or not configurations.is_configuration(info) or _has_constructor(info):
            continue
        if call.args or (_requires(info) and not configurations.is_value(info)):
            name = info.name
            yield Finding(
                call,
                codes.VALUE_CALL,
                f"{name}(...) makes an instance, which takes no parameters: write {name}.C(...) for a configuration",
            )


def _requires(info: n.TypeInfo) -> bool:
    return any(declared.parameter.is_required for declared in configurations.parameters(info).values())


def _has_constructor(info: n.TypeInfo) -> bool:
    """Whether instances of a class are made with arguments: a class may define ``__init__``, or inherit one."""
    own = ((base.fullname, base.names.get("__init__")) for base in info.mro)
    written = next(name for name, method in own if method is not None and not method.plugin_generated)
    return info.fallback_to_any or not written.startswith((f"{names.PACKAGE}.", "builtins.object"))
