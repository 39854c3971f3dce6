"""Values that know where they were written."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

from attrs import field, frozen

Key: TypeAlias = str | int | float | bool
KeyPath: TypeAlias = tuple[Key, ...]
"""Keys and list indices from the root to a value."""

Plain: TypeAlias = "bool | int | float | str | list[Plain] | dict[Key, Plain] | None"

ROOT: Final[KeyPath] = ()


class Position(NamedTuple):
    """Where something was written: in a file, or in an option of the command line, which has no line."""

    source: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        return self.source if self.line is None else f"{self.source}:{self.line}:{self.column}"


class ScalarNode(NamedTuple):
    value: bool | int | float | str | None
    text: str
    """As written, without quotes."""
    quoted: bool
    position: Position


class ListNode(NamedTuple):
    items: Sequence[Node]
    position: Position


class Entry(NamedTuple):
    key: Position
    value: Node


class MappingNode(NamedTuple):
    entries: Mapping[Key, Entry]
    position: Position


Node: TypeAlias = ScalarNode | ListNode | MappingNode


@frozen
class ConfigurationTree:
    """The merged content of the files of an experiment."""

    path: Path
    """The main file."""
    root: MappingNode
    directory: Path = field(factory=Path.cwd)
    """The current one when the files were read: their names are relative to it."""

    def plain(self) -> dict[str, Plain]:
        return {str(key): plain(entry.value) for key, entry in self.root.entries.items()}

    def position(self, path: KeyPath) -> Position | None:
        """Where the value of this path was written, or None when there is no such value."""
        node = self.node(path)
        return None if node is None else node.position

    def key_position(self, path: KeyPath) -> Position | None:
        """Where the last key of this path was written; for the item of a list, where its value was."""
        parent = self.node(path[:-1])
        if isinstance(parent, MappingNode) and path and path[-1] in parent.entries:
            return parent.entries[path[-1]].key
        return self.position(path)

    def node(self, path: KeyPath) -> Node | None:
        return inside(self.root, path)


def dotted(path: KeyPath) -> str:
    """A path as it is written: ``model.layers.0``."""
    return ".".join(map(str, path))


def beside(position: Position, name: str, directory: Path) -> str:
    """The absolute path of a file that is named here, relative to the file that names it.

    An option of the command line is relative to the current directory, and so are the names of our files.
    """
    place = directory if position.line is None else directory / Path(position.source).parent
    return os.path.abspath(place / os.path.expanduser(name))  # noqa: PTH100, PTH111  # links stay, no user is unknown


def inside(root: Node, path: KeyPath) -> Node | None:
    """The value at a path below another one, or None if there is none."""
    node: Node | None = root
    for key in path:
        node = None if node is None else child(node, key)
    return node


def child(node: Node, key: Key) -> Node | None:
    match node:
        case MappingNode():
            entry = node.entries.get(key)
            return None if entry is None else entry.value
        case ListNode():
            return node.items[key] if isinstance(key, int) and 0 <= key < len(node.items) else None
        case ScalarNode():
            return None


def plain(node: Node) -> Plain:
    match node:
        case ScalarNode():
            return node.value
        case ListNode():
            return [plain(item) for item in node.items]
        case MappingNode():
            return {key: plain(entry.value) for key, entry in node.entries.items()}


def mapped(root: MappingNode, change: Callable[[KeyPath, ScalarNode], ScalarNode], path: KeyPath = ROOT) -> MappingNode:
    """Returns the mapping with every scalar changed."""

    def walk(node: Node, path: KeyPath) -> Node:
        match node:
            case ScalarNode():
                return change(path, node)
            case ListNode():
                return node._replace(items=[walk(item, (*path, index)) for index, item in enumerate(node.items)])
            case MappingNode():
                return mapped(node, change, path)

    entries = {key: entry._replace(value=walk(entry.value, (*path, key))) for key, entry in root.entries.items()}
    return root._replace(entries=entries)


def merged(layers: Iterable[MappingNode]) -> MappingNode:
    """Returns one mapping: mappings merge key by key, anything else is replaced by what comes later.

    The position of a mapping that several layers write is the one of the last.
    """
    nodes = list(layers)
    if len(nodes) == 1:
        return nodes[0]
    gathered: dict[Key, list[Entry]] = {}
    for node in nodes:
        for key, entry in node.entries.items():
            gathered.setdefault(key, []).append(entry)
    return MappingNode({key: _winner(entries) for key, entries in gathered.items()}, nodes[-1].position)


def _winner(entries: Sequence[Entry]) -> Entry:
    mappings: list[MappingNode] = []
    for entry in reversed(entries):
        if not isinstance(entry.value, MappingNode):
            break
        mappings.append(entry.value)
    return Entry(entries[-1].key, merged(reversed(mappings))) if mappings else entries[-1]


def replaced(mapping: MappingNode, key: Key, value: Node) -> MappingNode:
    """Returns the mapping with another value at a key that it has."""
    entry = mapping.entries[key]
    return mapping._replace(entries={**mapping.entries, key: entry._replace(value=value)})
