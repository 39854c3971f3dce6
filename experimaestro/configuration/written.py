"""Values that remember where they were written, for what depends on it: relative paths, places in messages."""

from __future__ import annotations

from pathlib import Path

from experimaestro.configuration.tree import (
    ConfigurationTree,
    Key,
    ListNode,
    MappingNode,
    Node,
    Plain,
    Position,
    ScalarNode,
    beside,
)


class WrittenText(str):
    """A text of a tree."""

    __slots__ = ("_directory", "_position")

    _position: Position
    _directory: Path

    @classmethod
    def of(cls, text: str, position: Position, directory: Path) -> WrittenText:
        written = cls(text)
        written._position = position
        written._directory = directory
        return written

    def path(self) -> Path:
        """The file it names, relative to the file that wrote it."""
        return Path(beside(self._position, self, self._directory))


class WrittenMapping(dict[Key, Plain]):
    """A mapping of a tree."""

    line: tuple[str, int] | None = None
    """The file and the line; None for an option of the command line."""


def written(tree: ConfigurationTree) -> Plain:
    """The values of a tree, of classes that remember."""
    return _written(tree.root, tree.directory)


def _written(node: Node, directory: Path) -> Plain:
    match node:
        case ScalarNode(value=str(text)):
            return WrittenText.of(text, node.position, directory)
        case ScalarNode():
            return node.value
        case ListNode():
            return [_written(item, directory) for item in node.items]
        case MappingNode():
            mapping = WrittenMapping({key: _written(entry.value, directory) for key, entry in node.entries.items()})
            source, line, _ = node.position
            mapping.line = None if line is None else (str(directory / source), line)
            return mapping


def forgotten(value: Plain) -> Plain:
    """The same value, of classes that do not remember."""
    match value:
        case str():
            return str(value)
        case list():
            return [forgotten(item) for item in value]
        case dict():
            return {key: forgotten(item) for key, item in value.items()}
        case _:
            return value
