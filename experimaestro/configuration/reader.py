"""One YAML text to a tree of values with positions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple, TypeAlias

import yaml

from experimaestro.configuration.errors import ConfigurationError, Problem
from experimaestro.configuration.scalars import Scalar, ScalarError, resolve
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

DEEPEST: Final = 100
"""Levels of nesting: no experiment needs more, and some thousands would overflow the stack."""

MOST_VALUES: Final = 1_000_000
"""Values of a file once aliases are expanded: some lines of aliases of aliases would fill the memory."""

_MERGE: Final = "<<"
_TAG: Final = "tag:yaml.org,2002:"
_UNPRINTABLE: Final = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PARSER: Final = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # Any: PyYAML may be built without libyaml

_Event: TypeAlias = yaml.Event


def read(text: str, source: str) -> Node | None:
    """Returns the value of a YAML text, or None if there is nothing in it.

    Raises ConfigurationError, with the position of the first mistake of syntax or of all others.
    """
    _check_characters(text, source)
    try:
        return _Reader(source, yaml.parse(text, Loader=_PARSER)).document()
    except yaml.MarkedYAMLError as error:
        raise ConfigurationError([_syntax(error, text, source)]) from error
    except yaml.YAMLError as error:
        raise ConfigurationError([Problem(str(error), position=Position(source, 1, 1))]) from error


def _check_characters(text: str, source: str) -> None:
    if found := _UNPRINTABLE.search(text):
        line = text.count("\n", 0, found.start()) + 1
        column = found.start() - text.rfind("\n", 0, found.start())
        message = f"found the control character U+{ord(found[0]):04X}, which YAML only takes escaped in double quotes"
        raise ConfigurationError([Problem(message, position=Position(source, line, column))])


def _syntax(error: yaml.MarkedYAMLError, text: str, source: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return Problem(f"invalid YAML: {error}", position=Position(source, 1, 1))
    message = _explained(error, _line(text, mark.line)[mark.column :])
    return Problem(f"invalid YAML: {message}", position=Position(source, mark.line + 1, mark.column + 1))


def _line(text: str, number: int) -> str:
    lines = text.splitlines()
    return lines[number] if number < len(lines) else ""


def _explained(error: yaml.MarkedYAMLError, rest: str) -> str:
    """Clear words for what happens often, those of libyaml for the rest."""
    problem = str(error.problem)
    if rest.startswith("\t"):
        return "found a tab, indent with spaces"
    if problem.startswith("mapping values are not allowed"):
        return "found a second ':' in this value, quote the value"
    if "cannot start any token" in problem:
        return f"no value can start with {rest[:1]!r}, quote it"
    if error.context and error.context_mark:
        return f"{problem} ({error.context} of line {error.context_mark.line + 1})"
    return problem


class _Anchored(NamedTuple):
    node: Node
    size: int


class _Reader:
    """Follows the events of the parser; problems that leave the structure intact are gathered."""

    def __init__(self, source: str, events: Iterator[_Event]) -> None:
        self.source = source
        self.events = events
        self.problems: list[Problem] = []
        self.anchors: dict[str, _Anchored] = {}
        self.size = 0

    def document(self) -> Node | None:
        self._next()  # start of the stream
        start = self._next()
        if isinstance(start, yaml.StreamEndEvent):
            return None
        node = self._node(self._next(), ROOT)
        self._next()  # end of the document
        after = self._next()
        if isinstance(after, yaml.DocumentStartEvent):
            self._report(after, ROOT, "found a second document, a file holds one")
        if self.problems:
            raise ConfigurationError(self.problems)
        return node

    def _next(self) -> _Event:
        return next(self.events)

    def _position(self, event: _Event) -> Position:
        mark = event.start_mark
        assert mark is not None, "parsers mark their events"
        return Position(self.source, mark.line + 1, mark.column + 1)

    def _report(self, event: _Event, path: KeyPath, message: str) -> None:
        self.problems.append(Problem(message, path=path, position=self._position(event)))

    def _fail(self, event: _Event, path: KeyPath, message: str) -> ConfigurationError:
        self._report(event, path, message)
        return ConfigurationError(self.problems)

    def _node(self, event: _Event, path: KeyPath) -> Node:
        self.size += 1
        if len(path) > DEEPEST:
            raise self._fail(event, ROOT, f"nested more than {DEEPEST} levels deep")
        if isinstance(event, yaml.AliasEvent):
            return self._aliased(event, path)
        before = self.size
        node = self._value(event, path)
        if anchor := getattr(event, "anchor", None):
            self.anchors[anchor] = _Anchored(node, self.size - before)
        return node

    def _value(self, event: _Event, path: KeyPath) -> Node:
        match event:
            case yaml.ScalarEvent():
                return self._scalar(event, path)
            case yaml.SequenceStartEvent():
                self._check_tag(event, path, "seq")
                return ListNode(self._items(path), self._position(event))
            case yaml.MappingStartEvent():
                self._check_tag(event, path, "map")
                return MappingNode(self._entries(path), self._position(event))
            case _:
                raise self._fail(event, path, f"found an unexpected {type(event).__name__}")

    def _aliased(self, event: yaml.AliasEvent, path: KeyPath) -> Node:
        anchored = None if event.anchor is None else self.anchors.get(event.anchor)
        if anchored is None:
            raise self._fail(event, path, f"the alias *{event.anchor} stands before the end of its anchor, or has none")
        self.size += anchored.size
        if self.size > MOST_VALUES:
            raise self._fail(event, ROOT, f"the aliases of this file stand for more than {MOST_VALUES:,} values")
        return anchored.node

    def _check_tag(self, event: yaml.CollectionStartEvent, path: KeyPath, allowed: str) -> None:
        if event.tag not in (None, "!", _TAG + allowed):
            self._report(event, path, f"found the tag {_short(event.tag)}, which has no meaning here")

    def _scalar(self, event: yaml.ScalarEvent, path: KeyPath) -> ScalarNode:
        quoted = not event.implicit[0]
        try:
            value = _value_of(event)
        except ScalarError as error:
            self._report(event, path, str(error))
            value = None
        return ScalarNode(value, event.value, quoted, self._position(event))

    def _items(self, path: KeyPath) -> list[Node]:
        items: list[Node] = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            items.append(self._node(event, (*path, len(items))))
        return items

    def _entries(self, path: KeyPath) -> dict[Key, Entry]:
        entries: dict[Key, Entry] = {}
        bases: dict[Key, Entry] | None = None
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            if _is_merge(event):
                if bases is not None:
                    self._report(event, (*path, _MERGE), "duplicate key, merge several mappings with a list")
                bases = self._merged(event, path)
            else:
                self._add(entries, event, path)
        return entries if bases is None else {**bases, **entries}

    def _add(self, entries: dict[Key, Entry], event: _Event, path: KeyPath) -> None:
        key = self._key(event, path)
        first = entries.get(key)
        if first is not None:
            self._report(event, (*path, key), f"duplicate key, first written in line {first.key.line}")
        entries[key] = Entry(self._position(event), self._node(self._next(), (*path, key)))

    def _key(self, event: _Event, path: KeyPath) -> Key:
        if isinstance(event, yaml.ScalarEvent) and event.anchor is None:
            key = _key_of(event)
        else:
            node = self._node(event, path)
            key = node.value if isinstance(node, ScalarNode) else None
        if key is None:
            self._report(event, path, "found a key that is neither text nor a number")
            return ""
        return key

    def _merged(self, event: _Event, path: KeyPath) -> dict[Key, Entry]:
        """The entries that `<<` brings: the first mapping of a list wins."""
        node = self._node(self._next(), (*path, _MERGE))
        merged: dict[Key, Entry] = {}
        for base in reversed(node.items) if isinstance(node, ListNode) else [node]:
            if isinstance(base, MappingNode):
                merged |= base.entries
            else:
                self._report(event, (*path, _MERGE), "expected a mapping or a list of mappings")
        return merged


def _is_merge(event: _Event) -> bool:
    return isinstance(event, yaml.ScalarEvent) and event.implicit[0] and event.value == _MERGE


def _key_of(event: yaml.ScalarEvent) -> Scalar:
    """The words that are refused as values mean themselves as keys: `on:`, `no:`, `007:`."""
    try:
        return _value_of(event)
    except ScalarError:
        return event.value


def _value_of(event: yaml.ScalarEvent) -> Scalar:
    if event.tag in (None, "!"):
        return resolve(event.value) if event.implicit[0] else event.value
    if event.tag == f"{_TAG}str":
        return event.value
    raise ScalarError(f"found the tag {_short(event.tag)}, which has no meaning here")


def _short(tag: str) -> str:
    return tag.replace(_TAG, "!!")
