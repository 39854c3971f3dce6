"""The requirements given to `find_launcher`, as texts and in Python."""

from __future__ import annotations

from collections.abc import Iterator

from mypy import nodes as n

from experimaestro_mypy.syntax import requirement_function
from experimaestro_mypy.unit import Finding, Module, Unit


def requirements(module: Module, unit: Unit) -> Iterator[Finding]:
    """Requirements that cannot be read, or that no machine meets, as far as they are known in the code."""
    calls = [(name, call) for call in unit.of(n.CallExpr) if (name := requirement_function(call))]
    if calls:
        from experimaestro_mypy.checks import launcher_arguments  # late: few modules need it

        yield from launcher_arguments.mistakes(module, unit, calls)
