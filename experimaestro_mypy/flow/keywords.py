"""The keywords of a call, those in the dictionaries of ``**`` included where their keys are known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mypy import nodes as n
from mypy import types as t

from experimaestro_mypy.flow.machine import Machine
from experimaestro_mypy.flow.values import UNKNOWN, Holder, Value


class Keyword(NamedTuple):
    """A keyword, and what it gives."""

    name: str
    """Empty if it may be any, and any number of them."""
    value: Value
    where: n.Expression
    """What is written for it: the call, if nothing in the call is."""
    is_spread: bool = False
    """Whether it comes from a dictionary, of which mypy does not know the keys."""


def keywords(machine: Machine, call: n.CallExpr) -> list[Keyword]:
    """What a call gives, evaluated in the order of the text; positional arguments have no name."""
    found: list[Keyword] = []
    for name, kind, argument in zip(call.arg_names, call.arg_kinds, call.args, strict=True):
        value = machine.evaluate(argument)
        if kind is n.ARG_STAR2:
            found.extend(_spread(machine, value, argument, call))
        else:
            found.append(Keyword(name or "", value, argument))
    return found


def _spread(machine: Machine, value: Value, argument: n.Expression, call: n.CallExpr) -> Iterator[Keyword]:
    kind = machine.module.type_of(argument)
    is_typed = isinstance(kind, t.TypedDictType)
    content = machine.state.content(value) if isinstance(value, Holder) else None
    if content is not None and content.is_exact and all(isinstance(item.key, str) for item in content.items):
        written = _written(argument)
        for item in content.items:
            yield Keyword(str(item.key), item.value, written.get(str(item.key), call), is_spread=not is_typed)
    elif isinstance(kind, t.TypedDictType):
        for name in kind.items:
            yield Keyword(name, UNKNOWN, call)
    else:
        yield Keyword("", value, argument)


def _written(argument: n.Expression) -> dict[str, n.Expression]:
    """What stands beside each key of a literal dictionary."""
    items = argument.items if isinstance(argument, n.DictExpr) else []
    return {key.value: value for key, value in items if isinstance(key, n.StrExpr)}
