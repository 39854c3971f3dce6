"""Parameters declared again in a subclass."""

from __future__ import annotations

from collections.abc import Iterator

from mypy import nodes as n

from experimaestro_mypy import codes, configurations
from experimaestro_mypy.checks.fields import Attribute, attributes
from experimaestro_mypy.unit import Finding, Module


def unsaid_overrides(module: Module) -> Iterator[Finding]:
    """Parameters that replace one of a parent without saying so."""
    for attribute in attributes(module):
        parent = _parent(attribute)
        if parent is not None and not attribute.parameter.overrides:
            name = attribute.parameter.name
            text = f"{attribute.title} replaces that of {parent.name}: if it is meant, write field(overrides=True, ...)"
            yield Finding(attribute.statement, codes.OVERRIDES, f"parameter {text}" if name else text)


def _parent(attribute: Attribute) -> n.TypeInfo | None:
    """The class whose parameter is replaced."""
    bases = attribute.info.mro[1:]
    name = attribute.parameter.name
    return next((base for base in bases if name in {p.name for p in configurations.record_of(base).parameters}), None)
