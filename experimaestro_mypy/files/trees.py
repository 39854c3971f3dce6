"""YAML files with what they import, as the loader reads them, but without stopping at the first mistake.

Variables (``${env:NAME}``) stay: their values are known at run time.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Final, NamedTuple

from experimaestro.configuration.errors import ConfigurationError, Problem
from experimaestro.configuration.interpolation import START
from experimaestro.configuration.loader import read_file
from experimaestro.configuration.nearest import SUFFIX, no_such_file
from experimaestro.configuration.tree import (
    Entry,
    Key,
    KeyPath,
    ListNode,
    MappingNode,
    Node,
    Position,
    ScalarNode,
    beside,
    child,
    merged,
    plain,
)


class Subject(Enum):
    """What a mistake is about."""

    CONTENT = "content"
    PATH = "path"
    GRID = "grid"


class Mistake(NamedTuple):
    """A mistake in a YAML file."""

    subject: Subject
    problem: Problem


class Tree(NamedTuple):
    """The merged content of a YAML file and its imports."""

    path: Path
    root: MappingNode
    files: tuple[Path, ...]
    """The file and all it imports, those that do not exist too."""
    mistakes: tuple[Mistake, ...]
    """Found while reading."""
    is_complete: bool
    """Whether all files could be read."""

    def text(self, key: str) -> ScalarNode | None:
        """The text at a key of the root; None if there is none, or if it is known at run time only."""
        entry = self.root.entries.get(key)
        node = None if entry is None else entry.value
        if isinstance(node, ScalarNode) and isinstance(node.value, str) and node.value and START not in node.value:
            return node
        return None

    def is_absent(self, key: str) -> bool:
        """Whether nothing is written at a key of the root."""
        entry = self.root.entries.get(key)
        return entry is None or (isinstance(entry.value, ScalarNode) and entry.value.value is None)

    def is_no_text(self, key: str) -> bool:
        """Whether a key of the root has no text: nothing, or what is a mistake there."""
        entry = self.root.entries.get(key)
        return entry is None or not (isinstance(entry.value, ScalarNode) and isinstance(entry.value.value, str))


def read_tree(path: Path) -> Tree:
    """The content of a YAML file, with all that is wrong in it and in its imports."""
    reader = _Reader()
    root = reader.merged(path, None) or MappingNode({}, Position(str(path), 1, 1))
    return Tree(path, root, tuple(reader.files), tuple(reader.mistakes), is_complete=not reader.mistakes)


class _Import(NamedTuple):
    """The name of a file that another one imports."""

    name: ScalarNode
    key: KeyPath
    asking: Path


class _Link(NamedTuple):
    """A file, and what asks for it."""

    path: Path
    wanted: _Import | None


class _Reader:
    def __init__(self) -> None:
        self.files: dict[Path, MappingNode | None] = {}
        self.mistakes: list[Mistake] = []
        self._chain: list[_Link] = []

    def merged(self, path: Path, wanted: _Import | None) -> MappingNode | None:
        path = _existing(path)
        if any(path == link.path for link in self._chain):
            self._report_cycle(_Link(path, wanted))
            return None
        if path not in self.files:
            self._chain.append(_Link(path, wanted))
            self.files[path] = None
            self.files[path] = self._read(path, wanted)
            self._chain.pop()
        return self.files[path]

    def _report_cycle(self, closing: _Link) -> None:
        """Tells a cycle in the same words wherever it was entered: from its first file in the order of names."""
        start = next(index for index, link in enumerate(self._chain) if link.path == closing.path)
        cycle = [closing, *self._chain[start + 1 :]]
        first = min(range(len(cycle)), key=lambda index: cycle[index].path)
        turned = [*cycle[first:], *cycle[:first], cycle[first]]
        asked = cycle[first].wanted
        position = None if asked is None else asked.name.position
        self._report(f"import cycle: {' -> '.join(link.path.name for link in turned)}", position)

    def _read(self, path: Path, wanted: _Import | None) -> MappingNode | None:
        if not path.is_file():
            if wanted is not None:
                problem = Problem(_absent(path, wanted), path=wanted.key, position=wanted.name.position)
                self.mistakes.append(Mistake(Subject.PATH, problem))
            return None
        try:
            node = read_file(path)
        except ConfigurationError as error:
            self.mistakes += (Mistake(Subject.CONTENT, problem) for problem in error.problems)
            return _glimpsed(path)
        if not isinstance(node, MappingNode):
            position = Position(str(path), 1, 1) if node is None else node.position
            self._report("expected a mapping (key: value)", position)
            return None
        imports = [self.merged(_named(each), each) for each in _imports(node, path)]
        return merged([*(root for root in imports if root is not None), node])

    def _report(self, message: str, position: Position | None) -> None:
        self.mistakes.append(Mistake(Subject.CONTENT, Problem(message, position=position)))


def _named(wanted: _Import) -> Path:
    return Path(beside(wanted.name.position, str(wanted.name.value), Path.cwd()))


def _absent(path: Path, wanted: _Import) -> str:
    return f"{wanted.name.value}: {no_such_file(path, wanted.asking)}"


_GLIMPSE: Final = re.compile(r"""^(file|module|id)[ \t]*:[ \t]*(["']?)([^\s#"'$]+)\2[ \t]*(?:#.*)?$""", re.MULTILINE)


def _glimpsed(path: Path) -> MappingNode:
    """The keys of a file that cannot be read which tell whose it is."""
    try:
        text = path.read_text("utf-8-sig", errors="replace")
    except OSError:
        text = ""
    entries: dict[Key, Entry] = {}
    for found in _GLIMPSE.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        value = Position(str(path), line, found.start(3) - found.start() + 1)
        entries[found[1]] = Entry(
            Position(str(path), line, 1), ScalarNode(found[3], found[3], quoted=True, position=value)
        )
    return MappingNode(entries, Position(str(path), 1, 1))


def _imports(root: MappingNode, path: Path) -> Iterator[_Import]:
    parent, imports = child(root, "parent"), child(root, "imports")
    listed = imports.items if isinstance(imports, ListNode) else ()
    named: list[tuple[KeyPath, Node | None]] = [(("parent",), parent)]
    named += [(("imports", index), item) for index, item in enumerate(listed)]
    for key, item in named:
        if isinstance(item, ScalarNode) and isinstance(item.value, str) and item.value and not is_unknown(item):
            yield _Import(item, key, path)


def is_imported_by(path: Path, tree: Tree) -> bool:
    """Whether another file takes the content of this one."""
    return tree.path != path and path in tree.files


def is_unknown(node: Node) -> bool:
    """Whether a value is known at run time only."""
    return isinstance(node, ScalarNode) and isinstance(node.value, str) and START in node.value


def words(node: Node) -> str:
    """What is written, as messages show it."""
    if isinstance(node, ScalarNode) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
        return node.text
    match plain(node):
        case None:
            return "null"
        case bool(value):
            return str(value).lower()
        case str(text):
            return repr(text if len(text) <= 60 else f"{text[:59]}…")
        case list():
            return "a list"
        case _:
            return "a mapping"


def _existing(path: Path) -> Path:
    suffixed = Path(f"{path}{SUFFIX}")
    found = suffixed if not path.is_file() and suffixed.is_file() else path
    return Path(os.path.normpath(found))
