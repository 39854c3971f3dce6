"""The requirements given to `find_launcher`, when they are literal texts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from mypy import nodes as n
from mypy import types as t

from experimaestro_mypy import codes, names
from experimaestro_mypy.unit import Finding, Module, Unit

_ROOM: Final = f"{names.PACKAGE}.launcherfinder."
_READERS: Final = ("find_launcher", "parse")
_DURATION: Final = re.compile(r"\bduration\s*=\s*[0-9]+\s*\w+")


def requirements(module: Module, unit: Unit) -> Iterator[Finding]:
    """Requirements that cannot be read, or that no machine meets."""
    for call in unit.of(n.CallExpr):
        if _reads_requirements(call):
            for argument in _positional(call):
                text = _literal(argument, module)
                message = None if text is None else mistake(text)
                if message is not None:
                    yield Finding(argument, codes.LAUNCHER, message)


def _reads_requirements(call: n.CallExpr) -> bool:
    name = call.callee.fullname if isinstance(call.callee, n.RefExpr) else ""
    return name.startswith(_ROOM) and name.rpartition(".")[2] in _READERS


def _positional(call: n.CallExpr) -> Iterator[n.Expression]:
    for argument, kind in zip(call.args, call.arg_kinds, strict=True):
        if kind is n.ARG_POS:
            yield argument


def _literal(expression: n.Expression, module: Module) -> str | None:
    """The value of a literal, or of a name declared `Final` or `Literal`; None when it is known at run time only."""
    if isinstance(expression, n.StrExpr):
        return expression.value
    kind = module.type_of(expression)
    literal = kind.last_known_value if isinstance(kind, t.Instance) else kind
    return literal.value if isinstance(literal, t.LiteralType) and isinstance(literal.value, str) else None


def mistake(text: str) -> str | None:
    """What is wrong in a requirement."""
    from experimaestro.launcherfinder.requirements import InvalidRequirementError, parse  # late: few modules need it

    try:
        parse(text)
    except InvalidRequirementError as error:
        return str(error)
    return _repeated(text)


def _repeated(text: str) -> str | None:
    """Of two durations for the same job the longer one counts, so that the other is a slip."""
    start = 0
    for alternative in text.split("|"):
        found = list(_DURATION.finditer(alternative))
        if len(found) > 1:
            offset = start + found[1].start()
            again, first = found[1][0], found[0][0]
            return (
                f"requirement {text!r}, character {offset + 1}: found {again!r} after {first!r}, expected one duration"
            )
        start += len(alternative) + 1
    return None
