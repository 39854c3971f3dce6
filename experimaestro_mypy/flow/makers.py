"""``X.C`` as a value: under another name, or in `functools.partial` with some parameters."""

from __future__ import annotations

from typing import Final

from mypy import nodes as n

from experimaestro_mypy import configurations
from experimaestro_mypy.flow.configurations import is_replaced, make
from experimaestro_mypy.flow.events import Way
from experimaestro_mypy.flow.keywords import keywords
from experimaestro_mypy.flow.machine import Machine
from experimaestro_mypy.flow.values import UNKNOWN, Content, Item, Maker, Value

CONFIGURATION_CLASS: Final = ("C", "XPMConfig")


def maker(machine: Machine, expression: n.MemberExpr) -> Maker | None:
    """``X.C``, not called."""
    info = expression.expr.node if isinstance(expression.expr, n.RefExpr) else None
    if expression.name not in CONFIGURATION_CLASS or not isinstance(info, n.TypeInfo):
        return None
    if not configurations.is_configuration(info) or info.fallback_to_any or is_replaced(info):
        return None
    return _hold(machine, Maker(info), ())


def _hold(machine: Machine, made: Maker, items: tuple[Item, ...]) -> Maker:
    machine.state.contents[made] = Content(items)
    return made


def prepared(machine: Machine, call: n.CallExpr) -> Value:
    """``functools.partial(X.C, ...)``."""
    given = keywords(machine, call)
    before = given.pop(0).value if given else UNKNOWN
    if not isinstance(before, Maker) or call.arg_kinds[1:].count(n.ARG_POS) or n.ARG_STAR in call.arg_kinds:
        for value in [before, *(keyword.value for keyword in given)]:
            machine.lose(value, Way.ELSEWHERE, call)
        return UNKNOWN
    names = {keyword.name for keyword in given}
    kept = [item for item in machine.state.content(before).items if item.key not in names]
    items = (*kept, *(Item(keyword.value, keyword.name) for keyword in given))
    return _hold(machine, Maker(before.info, is_open=before.is_open or "" in names), items)


def made(machine: Machine, call: n.CallExpr) -> Value | None:
    """The value of the call of ``X.C`` under another name; None for another call."""
    value = machine.state.name(call.callee.node) if isinstance(call.callee, n.NameExpr) else UNKNOWN
    return make(machine, call, value) if isinstance(value, Maker) else None
