"""Values that plans give to parameters with choices, as far as they are known in the code."""

from __future__ import annotations

from collections.abc import Iterator

from mypy import nodes as n

from experimaestro_mypy import codes, configurations, names
from experimaestro_mypy.checks.fields import refused_choice
from experimaestro_mypy.checks.values import given
from experimaestro_mypy.literals.origins import Origins
from experimaestro_mypy.literals.values import literal_of
from experimaestro_mypy.syntax import callee, configuration_of
from experimaestro_mypy.unit import Finding, Module, Unit


def choices(module: Module, unit: Unit) -> Iterator[Finding]:
    """Values which are not among the choices of their parameter."""
    origins = Origins(module, unit)
    for info, name, value in (*given(module, unit), *copied(module, unit)):
        declared = configurations.parameters(info).get(name)
        allowed = declared.parameter.choices if declared is not None else None
        if allowed is not None:
            found = _refused(module, origins, value, f"{name} of {info.name}", allowed)
            yield from dict.fromkeys(found)


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
    for origin in origins.of(value):
        found = literal_of(module, origin.expression)
        is_placeholder = origin.is_doubtful and not found
        if isinstance(found, (str, int)) and found not in allowed and not is_placeholder:
            yield Finding(origin.expression, codes.CHOICES, refused_choice(title, found, allowed))
