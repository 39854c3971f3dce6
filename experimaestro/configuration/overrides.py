"""Options of the command line (`-c key.sub.0.name=value`) applied to a tree."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from attrs import evolve

from experimaestro.configuration.errors import ConfigurationError, Problem
from experimaestro.configuration.reader import read
from experimaestro.configuration.scalars import ScalarError, resolve
from experimaestro.configuration.tree import (
    ROOT,
    Entry,
    Key,
    KeyPath,
    ListNode,
    MappingNode,
    Node,
    Position,
    ScalarNode,
)

_SEGMENT: Final = r'(?:"[^"]*"|[^".=]+)'
_OPTION: Final = re.compile(rf"({_SEGMENT}(?:\.{_SEGMENT})*)=(.*)", re.DOTALL)
_READ_BEFORE: Final = ("imports", "parent")


class _Override(NamedTuple):
    segments: Sequence[str]
    """Of the key; one in quotes keeps its dots, and is text even if it is made of digits."""
    value: Node
    position: Position


def override(root: MappingNode, options: Iterable[str]) -> MappingNode:
    """Returns the mapping with the values of these options, the last one of a key wins.

    Raises ConfigurationError with all options that cannot be applied.
    """
    problems: list[Problem] = []
    for option in options:
        try:
            root = _applied(root, _parsed(option))
        except ConfigurationError as error:
            problems.extend(error.problems)
    if problems:
        raise ConfigurationError(problems)
    return root


def _applied(root: MappingNode, new: _Override) -> MappingNode:
    return _with_entry(root, new.segments[0], new, ROOT)


def _parsed(option: str) -> _Override:
    position = Position(f"-c {option}")
    found = _OPTION.fullmatch(option)
    if found is None:
        message = "expected KEY=VALUE, where KEY may have several parts (model.layers.0.size)"
        raise ConfigurationError([Problem(message, position=position)])
    segments = re.findall(_SEGMENT, found[1])
    if segments[0] in _READ_BEFORE:
        message = "files are read before options; use --pre-yaml or --post-yaml"
        raise ConfigurationError([Problem(message, path=(segments[0],), position=position)])
    return _Override(segments, _value(found[2], position), position)


def _value(text: str, position: Position) -> Node:
    """A list, a mapping or a text in quotes as in YAML; anything else is one scalar, whatever it contains."""
    text = text.strip()
    if text.startswith(("[", "{", '"', "'")):
        return _literal(text, position)
    try:
        return ScalarNode(resolve(text), text, quoted=False, position=position)
    except ScalarError as error:
        raise ConfigurationError([Problem(str(error), position=position)]) from error


def _literal(text: str, position: Position) -> Node:
    try:
        node = read(text, str(position))
    except ConfigurationError as error:
        raise ConfigurationError(evolve(problem, position=position) for problem in error.problems) from error
    assert node is not None, "the text is not empty"
    return _placed(node, position)


def _placed(node: Node, position: Position) -> Node:
    match node:
        case ScalarNode():
            return node._replace(position=position)
        case ListNode():
            return ListNode([_placed(item, position) for item in node.items], position)
        case MappingNode():
            entries = {key: Entry(position, _placed(entry.value, position)) for key, entry in node.entries.items()}
            return MappingNode(entries, position)


def _assigned(node: Node | None, new: _Override, path: KeyPath = ROOT) -> Node:
    """The node with the value of the option below it; a key that has no value yet becomes a mapping."""
    if len(path) == len(new.segments):
        return new.value
    segment = new.segments[len(path)]
    match node:
        case None | ScalarNode(value=None):
            return _with_entry(MappingNode({}, new.position), segment, new, path)
        case MappingNode():
            return _with_entry(node, segment, new, path)
        case ListNode():
            return _with_item(node, segment, new, path)
        case ScalarNode():
            message = f"cannot set {segment!r} in it: it is {node.text!r} ({node.position})"
            raise ConfigurationError([Problem(message, path=path, position=new.position)])


def _with_entry(node: MappingNode, segment: str, new: _Override, path: KeyPath) -> MappingNode:
    key = _key(node, segment, path)
    former = node.entries.get(key)
    value = _assigned(former.value if former else None, new, (*path, key))
    place = former.key if former and value is not new.value else new.position
    return node._replace(entries={**node.entries, key: Entry(place, value)})


def _key(node: MappingNode, segment: str, path: KeyPath) -> Key:
    """A number is one as in YAML, unless the mapping knows it as text; the keys of the whole are texts."""
    text, number = segment.strip('"'), _number(segment)
    return text if number is None or path == ROOT or text in node.entries else number


def _with_item(node: ListNode, segment: str, new: _Override, path: KeyPath) -> ListNode:
    index = _number(segment)
    if index is None or index >= len(node.items):
        allowed = f"0 to {len(node.items) - 1}" if node.items else "none, the list is empty"
        message = f"found the index {segment!r}, expected {allowed} (list of {node.position})"
        raise ConfigurationError([Problem(message, path=path, position=new.position)])
    value = _assigned(node.items[index], new, (*path, index))
    return node._replace(items=[*node.items[:index], value, *node.items[index + 1 :]])


def _number(segment: str) -> int | None:
    return int(segment) if re.fullmatch(r"0|[1-9][0-9]{0,17}", segment) else None
