"""The identifiers that the classes of a project name with ``__xpmid__``, read from the text of its modules.

mypy does not have all of them: not those it takes from its cache, nor those that another worker checks.
"""

from __future__ import annotations

import ast
import hashlib
import os
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from mypy import nodes as n

_NAME: Final = "__xpmid__"
_SKIPPED: Final = frozenset({"node_modules", "site-packages", "__pycache__", "venv", "build", "dist"})
_MOST_FILES: Final = 20_000
"""A directory with more modules below it is no project."""


class Named(NamedTuple):
    """A class that names its identifier."""

    identifier: str
    """As identifiers are compared: in lower case."""
    path: str
    """Of its module."""
    name: str


class Identifiers:
    """The identifiers of the projects that a run of mypy is about. Their files are read once, until `forget`."""

    def __init__(self) -> None:
        self.paths: dict[str, str] = {}
        """Modules of the program by name, as far as mypy told where they are."""
        self.names: Collection[str] = ()
        """The names of all of them, as far as mypy told them."""
        self.forget()

    def forget(self) -> None:
        """Has the files read again: some have changed."""
        self._roots: dict[str, str] = {}
        self._known: dict[str, list[Named]] = {}
        self._digests: dict[str, str] = {}
        self._program: dict[str, tuple[tuple[int, int, int], dict[str, list[Named]]]] = {}

    def of_program(self, modules: Mapping[str, n.MypyFile], path: str) -> Mapping[str, list[Named]]:
        """Those of the modules that mypy checks, by identifier; those of other files of the project are left out."""
        size, root = (len(modules), len(self.paths), len(self.names)), self._root(path)
        known = self._program.get(root)
        if known is None or known[0] != size:
            files, found = self._files(modules, root), dict[str, list[Named]]()
            for named in self._below(root):
                if named.path in files:
                    found.setdefault(named.identifier, []).append(named)
            known = self._program[root] = size, found
        return known[1]

    def _files(self, modules: Mapping[str, n.MypyFile], root: str) -> set[str]:
        known = {**self.paths, **{name: file.path for name, file in modules.items()}}
        paths = {name: str(Path(path).absolute()) for name, path in known.items()}
        elsewhere = [name for name in self.names if name not in paths]
        return {*paths.values(), *(_expected(elsewhere, paths, root) if elsewhere else ())}

    def _root(self, path: str) -> str:
        folder = path.rpartition(os.sep)[0]
        if folder not in self._roots:
            self._roots[folder] = _root(path)
        return self._roots[folder]

    def _below(self, root: str) -> list[Named]:
        if root not in self._known:
            self._known[root] = [named for file in _modules(root) for named in named_in(file)]
        return self._known[root]

    def digest(self, path: str) -> str | None:
        """A digest of those of the project, if a module names one itself: it is checked again when they change."""
        return self.digest_below(self._root(path)) if _mentions(path) else None

    def digest_below(self, root: str) -> str:
        """A digest of those of the modules below a directory."""
        if root not in self._digests:
            found = [(named.identifier, named.path.removeprefix(root), named.name) for named in self._below(root)]
            self._digests[root] = hashlib.sha1(repr(found).encode(), usedforsecurity=False).hexdigest()
        return self._digests[root]


def named_in(path: str) -> Iterator[Named]:
    """The identifiers that classes of a module name with a literal, those of nested classes included."""
    if not _mentions(path):
        return
    try:
        tree = ast.parse(Path(path).read_bytes())
    except (OSError, SyntaxError, ValueError):
        return
    for definition in ast.walk(tree):
        if isinstance(definition, ast.ClassDef):
            yield from (Named(text.lower(), path, definition.name) for text in _texts(definition))


def _texts(definition: ast.ClassDef) -> Iterator[str]:
    for statement in definition.body:
        match statement:
            case ast.Assign([ast.Name(id="__xpmid__")], ast.Constant(str(text))):
                yield text
            case _:
                pass


def _expected(names: Collection[str], known: Mapping[str, str], root: str) -> Iterator[str]:
    """Where modules are whose files mypy did not tell: beside those below a directory that it told."""
    bases = {_base(name, path) for name, path in known.items() if path.startswith(root)}
    for name in names:
        for base in bases:
            place = base + name.replace(".", os.sep)
            yield from (f"{place}.py", f"{place}{os.sep}__init__.py")


def _base(name: str, path: str) -> str:
    place = path.removesuffix(".py").removesuffix(f"{os.sep}__init__")
    return place.removesuffix(name.replace(".", os.sep))


def _mentions(path: str) -> bool:
    try:
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)  # each module is read: `Path` takes three times as long
    except OSError:
        return False
    try:
        return _NAME.encode() in os.read(file, os.fstat(file).st_size + 1)
    except OSError:  # a directory
        return False
    finally:
        os.close(file)


def _root(path: str) -> str:
    """The current directory, if the module is below it; else the directory of its outermost package."""
    here, folder = Path.cwd(), Path(path).absolute().parent
    if folder.is_relative_to(here):
        return str(here)
    while (folder / "__init__.py").exists():
        folder = folder.parent
    return str(folder)


def _modules(root: str) -> list[str]:
    found: list[str] = []
    for folder, inner, files in os.walk(root):
        inner[:] = [name for name in inner if not name.startswith(".") and name not in _SKIPPED]
        found += [f"{folder}{os.sep}{name}" for name in files if name.endswith(".py")]
        if len(found) > _MOST_FILES:
            return []
    return sorted(found)
