"""Texts of which parts are known: f-strings, ``"..." + name``, ``"...".format(name)`` and ``"..." % name``."""

from __future__ import annotations

import re
from string import Formatter
from typing import Final

from mypy import nodes as n

from experimaestro_mypy.syntax import name_of

Template = tuple[str | n.Expression, ...]
"""What is known of a text, and the expressions that fill its holes."""

_PERCENT: Final = re.compile(r"%(.?)", re.DOTALL)


def template_of(expression: n.Expression) -> Template | None:
    """The parts of a text; None if nothing of it is known."""
    parts = _parts(expression)
    return parts if any(isinstance(part, str) and part for part in parts) else None


def _parts(expression: n.Expression) -> Template:
    match expression:
        case n.StrExpr(value=text):
            return (text,)
        case n.OpExpr(op="+"):
            return (*_parts(expression.left), *_parts(expression.right))
        case n.OpExpr(op="%", left=n.StrExpr(value=text)):
            return _percent(text, expression.right) or (expression,)
        case n.CallExpr(callee=n.MemberExpr(name="join", expr=n.StrExpr(value="")), args=[n.ListExpr(items=items)]):
            return tuple(part for item in items for part in _parts(item))  # an f-string, as mypy reads it
        case n.CallExpr(callee=n.MemberExpr(name="format", expr=n.StrExpr(value=text))):
            return _formatted(text, expression) or (expression,)
        case _:
            return (expression,)


def _formatted(text: str, call: n.CallExpr) -> Template:
    """The parts of ``text.format(...)``; none if they are not what they seem."""
    if text == "{:{}}" and len(call.args) == 2:  # a hole of an f-string, as mypy reads it
        return (call.args[0] if isinstance(call.args[1], n.StrExpr) and not call.args[1].value else call,)
    parts: list[str | n.Expression] = []
    try:
        fields = list(Formatter().parse(text))
    except ValueError:
        return ()
    for known, field, *_ in fields:
        parts += [known] if known else []
        parts += [] if field is None else [call]
    return tuple(parts)


def _percent(text: str, values: n.Expression) -> Template:
    parts: list[str | n.Expression] = []
    start = 0
    for found in _PERCENT.finditer(text):
        if found[1] not in ("s", "d"):
            return ()
        parts += [text[start : found.start()], values]
        start = found.end()
    return (*parts, text[start:])


def shown(template: Template) -> str:
    """A template as a reader knows it, with names in its holes."""
    return "".join(part if isinstance(part, str) else f"{{{name_of(part)}}}" for part in template)
