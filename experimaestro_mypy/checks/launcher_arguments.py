"""The requirements given to `find_launcher`, as texts and in Python, as far as they are known in the code."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from mypy import nodes as n
from mypy import types as t

from experimaestro_mypy import codes, names
from experimaestro_mypy.checks.requirements import ANYTHING, NUMBERS, looks_meant, mistake, unmendable
from experimaestro_mypy.literals.origins import Origin, Origins
from experimaestro_mypy.literals.templates import template_of
from experimaestro_mypy.literals.values import UNKNOWN, literal_of
from experimaestro_mypy.syntax import requirement_function
from experimaestro_mypy.unit import Finding, Module, Unit

_INTEGERS: Final = ("builtins.int", "builtins.bool", "builtins.float")


def mistakes(module: Module, unit: Unit, calls: Sequence[tuple[str, n.CallExpr]]) -> Iterator[Finding]:
    """What is wrong in the calls of functions that take requirements, each with its name."""
    origins = Origins(module, unit)
    for name, call in calls:
        found = (
            _texts(module, origins, call)
            if name in names.REQUIREMENT_READERS
            else _amounts(module, origins, name, call)
        )
        yield from dict.fromkeys(found)
    if any(name in names.REQUIREMENT_PARTS for name, _ in calls):
        yield from _combined(module, unit, origins)


def _texts(module: Module, origins: Origins, call: n.CallExpr) -> Iterator[Finding]:
    """What is wrong in the texts that a call is given."""
    for argument, kind in zip(call.args, call.arg_kinds, strict=True):
        if kind in (n.ARG_POS, n.ARG_STAR):
            found = origins.of(argument) if kind is n.ARG_POS else origins.items(argument)
            for origin in found:
                message = _mistake(module, origins, origin)
                if message is not None:
                    yield Finding(origin.expression, codes.LAUNCHER, message)


def _mistake(module: Module, origins: Origins, origin: Origin) -> str | None:
    text = literal_of(module, origin.expression)
    if isinstance(text, str):
        return None if origin.is_doubtful and not looks_meant(text) else mistake(text)
    template = template_of(origin.expression)
    return None if template is None else unmendable(template, lambda hole: _fillings(module, origins, hole))


def _fillings(module: Module, origins: Origins, hole: n.Expression) -> Sequence[str]:
    """What may stand in a hole of a text."""
    values = [literal_of(module, origin.expression) for origin in origins.of(hole)]
    if values and UNKNOWN not in values:
        return [str(value) for value in values]
    kind = module.type_of(hole)
    is_number = isinstance(kind, t.Instance) and kind.type.fullname in _INTEGERS
    return NUMBERS if is_number else ANYTHING


def _amounts(module: Module, origins: Origins, name: str, call: n.CallExpr) -> Iterator[Finding]:
    """What is wrong in the amounts that ``duration("1h")`` or ``cpu(mem="4G", cores=2)`` are given."""
    for keyword, argument in zip(call.arg_names, call.args, strict=True):
        read = _reader(name, keyword)
        for origin in origins.of(argument) if read is not None else ():
            value = literal_of(module, origin.expression)
            is_known = value is not UNKNOWN and not (keyword == "cores" and isinstance(value, str))  # mypy refuses it
            problem = _problem(read, value) if read is not None and is_known else None
            if problem is not None and not origin.is_doubtful:
                yield Finding(origin.expression, codes.LAUNCHER, f"{_shown(name, keyword, value)}: {problem}")


def _shown(name: str, keyword: str | None, value: object) -> str:
    return f"{name}({value!r})" if name == "duration" else f"{name}({keyword}={value!r})"


def _reader(name: str, keyword: str | None) -> Callable[[str], int] | None:
    """What reads the text of an amount; None if it is no amount."""
    from experimaestro.launcherfinder.amounts import parse_memory, parse_timespan  # late: few modules need it

    if name == "duration":
        return parse_timespan if keyword in (None, "timespec") else None
    return parse_memory if keyword in ("mem", "cores") else None


def _problem(read: Callable[[str], int], value: object) -> str | None:
    """Why an amount cannot be asked for."""
    from experimaestro.launcherfinder.amounts import InvalidAmountError  # late: as above

    if isinstance(value, (int, float)):
        return None if value >= 0 else f"found {value}, expected 0 or more"
    try:
        read(str(value))
    except InvalidAmountError as error:
        return str(error)
    return None


def _combined(module: Module, unit: Unit, origins: Origins) -> Iterator[Finding]:
    """Parts that do not go together, and numbers of accelerators that there cannot be."""
    for part in unit.of(n.OpExpr):
        if part.op == "&":
            left, right = _makes(origins, part.left), _makes(origins, part.right)
            if _is_contradiction(left | right) and not _is_contradiction(left) and not _is_contradiction(right):
                from experimaestro.launcherfinder.requirements import CONTRADICTION  # late: as above

                yield Finding(part, codes.LAUNCHER, CONTRADICTION)
        elif part.op == "*" and _makes(origins, part.left):
            count = literal_of(module, part.right)
            if isinstance(count, int) and count < 1:
                text = f"found {count}, expected a number of accelerators: 1 or more"
                yield Finding(part, codes.LAUNCHER, text)


def _is_contradiction(makes: set[str]) -> bool:
    return {"cuda_gpu", "mps_gpu"} <= makes


def _makes(origins: Origins, expression: n.Expression, *, is_name: bool = False) -> set[str]:
    """The functions that make the parts of a requirement, written there or in the only value of a name."""
    if isinstance(expression, n.OpExpr) and expression.op == "&":
        return _makes(origins, expression.left, is_name=is_name) | _makes(origins, expression.right, is_name=is_name)
    if isinstance(expression, n.OpExpr) and expression.op == "*":
        return _makes(origins, expression.left, is_name=is_name)
    if isinstance(expression, n.NameExpr) and not is_name:
        found = origins.of(expression)
        return _makes(origins, found[0].expression, is_name=True) if len(found) == 1 else set()
    return {requirement_function(expression)} - {""} if isinstance(expression, n.CallExpr) else set()
