"""Values that plans give to parameters with choices, as far as they are known in the code."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from mypy import nodes as n

from experimaestro_mypy import codes, configurations, names
from experimaestro_mypy.checks.fields import refused_choice
from experimaestro_mypy.checks.values import given
from experimaestro_mypy.syntax import callee, configuration_of
from experimaestro_mypy.unit import Finding, Module, Unit

if TYPE_CHECKING:
    from experimaestro_mypy.literals.origins import Origins


def choices(module: Module, unit: Unit) -> Iterator[Finding]:
    """Values which are not among the choices of their parameter."""
    limited = [(info, name, value) for info, name, value in _given(module, unit) if _allowed(info, name) is not None]
    if not limited:
        return
    from experimaestro_mypy.literals.origins import Origins  # late: few modules need it

    origins = Origins(module, unit)
    for info, name, value in limited:
        found = _refused(module, origins, value, f"{name} of {info.name}", _allowed(info, name) or ())
        yield from dict.fromkeys(found)


def _given(module: Module, unit: Unit) -> Iterator[tuple[n.TypeInfo, str, n.Expression]]:
    yield from given(module, unit)
    yield from copied(module, unit)


def _allowed(info: n.TypeInfo, name: str) -> tuple[object, ...] | None:
    declared = configurations.parameters(info).get(name)
    return declared.parameter.choices if declared is not None else None


def copied(module: Module, unit: Unit) -> Iterator[tuple[n.TypeInfo, str, n.Expression]]:
    """What the code gives to copies: the class, the name of the parameter and the value."""
    for call in unit.of(n.CallExpr):
        info = (
            configuration_of(module.type_of(call.args[0])) if callee(call) == names.COPYCONFIG and call.args else None
        )
        if info is not None:
            pairs = zip(call.arg_names, call.args, strict=True)
            yield from ((info, name, value) for name, value in pairs if name is not None)


def _refused(
    module: Module, origins: Origins, value: n.Expression, title: str, allowed: tuple[object, ...]
) -> Iterator[Finding]:
    from experimaestro_mypy.literals.values import literal_of  # late: see above

    for origin in origins.of(value):
        found = literal_of(module, origin.expression)
        is_placeholder = origin.is_doubtful and not found
        if isinstance(found, (str, int)) and found not in allowed and not is_placeholder:
            yield Finding(origin.expression, codes.CHOICES, refused_choice(title, found, allowed))
