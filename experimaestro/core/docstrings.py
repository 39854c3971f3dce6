"""What the source of a class says of it: its docstring, and the texts that follow its attributes.

Docstrings may follow the conventions of Google, numpy or reStructuredText.
"""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

_FIELD: Final = re.compile(
    r":(?:param|parameter|arg|argument|attribute|ivar|var|key|keyword)\s+(?:\S+\s+)?(\w+)\s*:(.*)"
)
"""``:param lr: the learning rate``, or ``:param float lr: ...``."""

_SECTION: Final = re.compile(
    r"(?:other\s+|keyword\s+)?(?:args|arguments|parameters|params|attributes)\s*:?", re.IGNORECASE
)
_GOOGLE_ITEM: Final = re.compile(r"(\w+)\s*(?:\([^)]*\))?\s*:(?!:)\s*(.*)")
"""``lr (float): the learning rate``."""

_NUMPY_ITEM: Final = re.compile(r"(\w+(?:\s*,\s*\w+)*)\s*(?::.*)?")
"""``lr : float``, above its text."""


class Documentation(NamedTuple):
    """What is said of a class."""

    title: str = ""
    """The first line."""
    description: str = ""
    """The text below it, without what documents the parameters."""
    parameters: Mapping[str, str] = {}
    """What is said of each parameter."""


def documentation_of(declaration: type) -> Documentation:
    """Reads the documentation of a class; a text after an attribute counts more than the docstring."""
    parsed = parse_docstring(declaration.__dict__.get("__doc__") or "")
    return parsed._replace(parameters={**parsed.parameters, **attribute_texts(declaration)})


def attribute_texts(declaration: type) -> dict[str, str]:
    """The texts that follow the annotated attributes of a class; none without its source."""
    try:
        source = textwrap.dedent(inspect.getsource(declaration))
        body = ast.parse(source).body[0]
    except (OSError, TypeError, SyntaxError):
        return {}
    return dict(_texts(body.body)) if isinstance(body, ast.ClassDef) else {}


def _texts(statements: Sequence[ast.stmt]) -> Iterator[tuple[str, str]]:
    for statement, following in pairwise(statements):
        match statement, following:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                yield name, inspect.cleandoc(text)
            case _:
                pass


def parse_docstring(text: str) -> Documentation:
    """Takes a docstring apart."""
    lines = inspect.cleandoc(text).splitlines()
    if not lines:
        return Documentation()
    parameters: dict[str, str] = {}
    described: list[str] = []
    rest = lines[1:]
    while rest:
        taken = _parameters(rest, parameters)
        described.extend(rest[:1] if not taken else [])
        rest = rest[max(taken, 1) :]
    return Documentation(lines[0].strip(), "\n".join(described).strip(), parameters)


def _parameters(lines: Sequence[str], parameters: dict[str, str]) -> int:
    """Adds the parameters that the first lines document. Returns how many lines do: 0 when the first does not."""
    field = _FIELD.fullmatch(lines[0].strip())
    if field is not None:
        following = _block(lines[1:], deeper_than=_indent(lines[0]))
        parameters[field[1]] = _joined([field[2], *following])
        return 1 + len(following)
    if not _SECTION.fullmatch(lines[0].strip()) or len(lines) < 2:
        return 0
    if set(lines[1].strip()) == {"-"}:
        return 2 + _numpy_items(lines[2:], parameters)
    if lines[0].rstrip().endswith(":"):
        block = _block(lines[1:], deeper_than=_indent(lines[0]))
        _google_items(block, parameters)
        return 1 + len(block)
    return 0


def _google_items(block: Sequence[str], parameters: dict[str, str]) -> None:
    margin = min((_indent(line) for line in block if line.strip()), default=0)
    for item, text in _items(block, margin):
        found = _GOOGLE_ITEM.fullmatch(item)
        if found is not None:
            parameters[found[1]] = _joined([found[2], *text])


def _numpy_items(lines: Sequence[str], parameters: dict[str, str]) -> int:
    """Adds the parameters of a section, which ends before the title of the next one."""
    end = next((i - 1 for i, line in enumerate(lines) if i and line.strip() and set(line.strip()) == {"-"}), len(lines))
    for item, text in _items(lines[:end], 0):
        found = _NUMPY_ITEM.fullmatch(item)
        if found is not None:
            parameters.update((name.strip(), _joined(text)) for name in found[1].split(","))
    return end


def _items(lines: Iterable[str], margin: int) -> list[tuple[str, list[str]]]:
    """Lines at the margin, each with those below it that are deeper."""
    items: list[tuple[str, list[str]]] = []
    for line in lines:
        if line.strip() and _indent(line) <= margin:
            items.append((line.strip(), []))
        elif items:
            items[-1][1].append(line)
    return items


def _block(lines: Sequence[str], *, deeper_than: int) -> Sequence[str]:
    end = next((i for i, line in enumerate(lines) if line.strip() and _indent(line) <= deeper_than), len(lines))
    return lines[:end]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _joined(lines: Sequence[str]) -> str:
    return inspect.cleandoc("\n".join(lines)).strip()
