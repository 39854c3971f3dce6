"""The checks: functions from code to findings, one module for each concern."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from experimaestro_mypy.checks import instances
from experimaestro_mypy.unit import Finding, Module, Unit

UnitCheck = Callable[[Module, Unit], Iterator[Finding]]
"""Looks at one function, or at the top level of a module."""

ModuleCheck = Callable[[Module], Iterator[Finding]]
"""Looks at a whole module, the classes it defines for instance."""

UNIT_CHECKS: Final[tuple[UnitCheck, ...]] = (instances.value_calls,)
MODULE_CHECKS: Final[tuple[ModuleCheck, ...]] = ()
