"""A merged configuration as text: JSON, YAML, or where each value comes from."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any, Final, assert_never

from experimaestro._types import ShowFormat
from experimaestro.configuration.annotations import found
from experimaestro.configuration.interpolation import escaped
from experimaestro.configuration.scalars import ScalarError, resolve
from experimaestro.configuration.tree import (
    ROOT,
    ConfigurationTree,
    Key,
    KeyPath,
    ListNode,
    MappingNode,
    Node,
    Plain,
    ScalarNode,
    dotted,
    plain,
)


def shown(tree: ConfigurationTree, form: ShowFormat) -> str:
    """The configuration as text, keys in the order in which the files write them."""
    match form:
        case ShowFormat.JSON:
            return json.dumps(_finite(plain(tree.root)), indent=2, ensure_ascii=False)
        case ShowFormat.YAML:
            return yaml_text(tree.plain())
        case ShowFormat.ORIGIN:
            return "\n".join(_origins(tree.root, ROOT))
        case _:
            assert_never(form)


def yaml_text(value: Any, indent: str = "") -> str:  # Any: a mapping; keys of text are keys of all scalar types
    """A mapping as YAML, which is read as what it is."""
    return "\n".join(_mapping_lines(value, indent))


def _finite(value: Plain) -> Plain:
    """JSON has no infinity: the word of YAML, as text."""
    match value:
        case list():
            return [_finite(item) for item in value]
        case dict():
            return {key: _finite(item) for key, item in value.items()}
        case float() if not math.isfinite(value):
            return _number(value)
        case _:
            return value


def _number(value: float) -> str:
    if math.isnan(value):
        return ".nan"
    return repr(value) if math.isfinite(value) else ".inf" if value > 0 else "-.inf"


def _mapping_lines(mapping: dict[Any, Plain], indent: str) -> Iterator[str]:  # Any: keys of all scalar types
    for key, value in mapping.items():
        yield from _lines(f"{indent}{_key(key)}:", value, indent)


def _lines(start: str, value: Plain, indent: str) -> Iterator[str]:
    """A value below its key, or behind the dash of its item."""
    match value:
        case dict() if value:
            yield start
            yield from _mapping_lines(value, f"{indent}  ")
        case list() if value:
            yield start
            for item in value:
                yield from _lines(f"{indent}  -", item, f"{indent}  ")
        case _:
            yield f"{start} {_scalar(value)}"


def _scalar(value: Plain) -> str:
    match value:
        case None | bool() | list() | dict():
            return json.dumps(value)
        case float():
            return _number(value)
        case int():
            return str(value)
        case str():
            text = escaped(value)
            return text if _is_plain(text) else json.dumps(text, ensure_ascii=not text.isprintable())


def _key(key: Key) -> str:
    """References have no meaning in keys."""
    if not isinstance(key, str):
        return _scalar(key)
    return key if _is_plain(key) else json.dumps(key, ensure_ascii=not key.isprintable())


_SAFE: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./+-$~ ")


def _is_plain(text: str) -> bool:
    """Whether a text is read as itself without quotes."""
    try:
        is_text = isinstance(resolve(text), str)
    except ScalarError:
        is_text = False
    return is_text and _SAFE.issuperset(text) and text == text.strip() and text[0] not in "-~" and text != "<<"


def _origins(node: Node, path: KeyPath) -> Iterator[str]:
    match node:
        case MappingNode() if node.entries:
            for key, entry in node.entries.items():
                yield from _origins(entry.value, (*path, key))
        case ListNode() if node.items:
            for index, item in enumerate(node.items):
                yield from _origins(item, (*path, index))
        case ScalarNode(value=str(text)):
            yield f"{node.position}: {dotted(path)}: {json.dumps(text, ensure_ascii=False)}"
        case ScalarNode():
            yield f"{node.position}: {dotted(path)}: {node.text or found(node.value)}"
        case _:
            yield f"{node.position}: {dotted(path)}: {json.dumps(plain(node))}"
