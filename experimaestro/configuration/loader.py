"""The files of an experiment to one tree: imports, layers, and the options of the command line."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from experimaestro.configuration.errors import ConfigurationError, Problem, unexpected
from experimaestro.configuration.interpolation import interpolated, with_variables
from experimaestro.configuration.nearest import SUFFIX, no_such_file
from experimaestro.configuration.overrides import override
from experimaestro.configuration.reader import read
from experimaestro.configuration.scalars import ScalarError
from experimaestro.configuration.tree import (
    ROOT,
    ConfigurationTree,
    KeyPath,
    ListNode,
    MappingNode,
    Node,
    Position,
    ScalarNode,
    beside,
    merged,
    replaced,
)


def load(
    path: Path, *, pre: Sequence[Path] = (), post: Sequence[Path] = (), overrides: Sequence[str] = ()
) -> ConfigurationTree:
    """Returns the merged content of all these files: what comes later wins, `overrides` (`key.sub=value`) last.

    The suffix `.yaml` may be left out. Raises ConfigurationError.
    """
    files = _Files()
    main = files.merged(_Wanted(path))
    layers = [*map(files.merged, map(_Wanted, pre)), main, *map(files.merged, map(_Wanted, post))]
    root = interpolated(override(merged(layers)._replace(position=main.position), overrides))
    directory = Path.cwd()
    return ConfigurationTree(_existing(path), _with_absolute_paths(root, directory), directory)


def read_file(path: Path) -> Node | None:
    """Returns the value of a YAML file, or None if it is empty.

    Raises ConfigurationError.
    """
    return _content(_Wanted(path))


class _Wanted(NamedTuple):
    """A file that is read, and what asks for it."""

    path: Path
    position: Position | None = None
    """Of the import that asks for it."""
    key: KeyPath = ROOT
    """Of that import."""
    asking: Path | None = None
    """The file that imports it."""


def _content(wanted: _Wanted) -> Node | None:
    path = wanted.path
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        problem = Problem("found a byte that is not UTF-8", position=Position(str(path), line, 1))
        raise ConfigurationError([problem]) from error
    except (OSError, ValueError) as error:
        problem = Problem(_unreadable(wanted, error), path=wanted.key, position=wanted.position)
        raise ConfigurationError([problem]) from error
    return read(text, str(path))


def _unreadable(wanted: _Wanted, error: OSError | ValueError) -> str:
    if isinstance(error, FileNotFoundError):
        return f"{wanted.path}: {no_such_file(wanted.path, wanted.asking)}"
    reason = error.strerror if isinstance(error, OSError) else str(error)
    return f"{wanted.path}: cannot be read ({reason})"


def _existing(path: Path) -> Path:
    """Returns the file, with the suffix if only that exists."""
    suffixed = Path(f"{path}{SUFFIX}")
    return suffixed if not _is_file(path) and _is_file(suffixed) else path


def _is_file(path: Path) -> bool:
    return os.path.isfile(path)  # noqa: PTH113  # `Path.is_file` raises when the name is too long


class _Files:
    """The files read so far, each once, and the chain of imports being followed."""

    def __init__(self) -> None:
        self.known: dict[Path, MappingNode] = {}
        self.chain: list[Path] = []

    def merged(self, wanted: _Wanted) -> MappingNode:
        """Returns the content of a file over the content of its imports."""
        path = _existing(wanted.path)
        identity = Path(os.path.realpath(path))
        if identity in self.known:
            return self.known[identity]
        self._check_cycle(identity, wanted)
        self.chain.append(identity)
        self.known[identity] = self._read(wanted._replace(path=path))
        self.chain.pop()
        return self.known[identity]

    def _check_cycle(self, identity: Path, wanted: _Wanted) -> None:
        if identity in self.chain:
            cycle = [*self.chain[self.chain.index(identity) :], identity]
            message = f"import cycle: {' -> '.join(path.name for path in cycle)}"
            raise ConfigurationError([Problem(message, position=wanted.position)])

    def _read(self, wanted: _Wanted) -> MappingNode:
        path = wanted.path
        root = _mapping(_content(wanted), path)
        imports = [
            self.merged(_Wanted(_beside(path, item.text), item.position, key, path)) for key, item in _imports(root)
        ]
        return merged([*imports, root])


def _mapping(node: Node | None, path: Path) -> MappingNode:
    match node:
        case MappingNode():
            _check_keys(node)
            return node
        case None | ScalarNode(value=None):
            problem = Problem("the file is empty, expected a mapping", position=Position(str(path), 1, 1))
            raise ConfigurationError([problem])
        case ListNode() | ScalarNode():
            raise unexpected(node, "a mapping (key: value)")


def _check_keys(root: MappingNode) -> None:
    wrong = {key: entry for key, entry in root.entries.items() if not isinstance(key, str)}
    if wrong:
        message = "found a key that is no text, quote it"
        raise ConfigurationError(Problem(message, path=(key,), position=e.key) for key, e in wrong.items())


def _beside(path: Path, name: str) -> Path:
    """The file of this name in the directory of another, `..` removed where that leads to the same file."""
    joined = path.parent / os.path.expanduser(name)  # noqa: PTH111  # `Path.expanduser` raises for unknown users
    short = Path(os.path.normpath(joined))
    return short if os.path.realpath(short) == os.path.realpath(joined) else joined


def _imports(root: MappingNode) -> Sequence[tuple[KeyPath, ScalarNode]]:
    """The names of the files that a file imports, each with its key."""
    if "parent" not in root.entries:
        return _names(root, "imports")
    position = root.entries["parent"].key
    if "imports" in root.entries:
        message = "found imports too, write parent as the first of them"
        raise ConfigurationError([Problem(message, path=("parent",), position=position)])
    warnings.warn(f"{position}: 'parent' is deprecated, write imports: [file]", DeprecationWarning, stacklevel=2)
    return [(("parent",), _name(root.entries["parent"].value, ("parent",)))]


def _names(root: MappingNode, key: str) -> Sequence[tuple[KeyPath, ScalarNode]]:
    match None if key not in root.entries else root.entries[key].value:
        case None | ScalarNode(value=None):
            return []
        case ListNode(items=items):
            return [((key, index), _name(item, (key, index))) for index, item in enumerate(items)]
        case node:
            raise unexpected(node, "a list of files", (key,))


def _name(node: Node, path: KeyPath) -> ScalarNode:
    if isinstance(node, ScalarNode) and isinstance(node.value, str) and _is_name(node.value):
        return _filled(node, path)
    raise unexpected(node, "the name of a file", path)


def _filled(node: ScalarNode, path: KeyPath) -> ScalarNode:
    try:
        return with_variables(node)
    except ScalarError as error:
        raise ConfigurationError([Problem(str(error), path=path, position=node.position)]) from error


def _is_name(text: str) -> bool:
    return bool(text) and "\0" not in text


def _with_absolute_paths(root: MappingNode, directory: Path) -> MappingNode:
    """Returns the mapping with the code it names as absolute paths, each relative to the file that wrote it.

    Values of a wrong type stay: they are reported when their type is checked.
    """
    for key in ("file", "pre_experiment", "pythonpath"):
        if key in root.entries:
            root = replaced(root, key, _absolute(root.entries[key].value, key, directory))
    return root


def _absolute(node: Node, key: str, directory: Path) -> Node:
    match node:
        case ListNode(items=items) if key == "pythonpath":
            return node._replace(items=[_absolute(item, "file", directory) for item in items])
        case ScalarNode(value=str(name)) if _is_name(name) and (key == "file" or _names_a_file(key, name)):
            path = beside(node.position, name, directory)
            return node._replace(value=path, text=path)
        case _:
            return node


def _names_a_file(key: str, name: str) -> bool:
    """Whether `pre_experiment` is a file rather than a module."""
    return key == "pre_experiment" and ("/" in name or "\\" in name or name.endswith(".py"))
