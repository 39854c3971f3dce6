"""The code that a YAML file names: which module it is, and whether all that is named exists."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from functools import lru_cache
from importlib.machinery import PathFinder
from pathlib import Path
from typing import Final, NamedTuple

from experimaestro.configuration.errors import Problem
from experimaestro.configuration.source import DEFAULT_FILE
from experimaestro.configuration.tree import ListNode, ScalarNode, beside
from experimaestro.exceptions import did_you_mean
from experimaestro_mypy.files import search
from experimaestro_mypy.files.trees import Mistake, Subject, Tree, is_unknown

IDENTIFIER: Final = "id"
"""The key that parts of an experiment lack."""


class Code(NamedTuple):
    """A module of the program."""

    name: str
    path: Path


def is_about(tree: Tree, code: Code) -> bool:
    """Whether a YAML file is of the experiment in this module, or would be but for a slip in the name."""
    file, module = tree.text("file"), tree.text("module")
    if module is not None and module.value == code.name:
        return True
    if module is not None and file is None:
        return _is_same(_meant_module(tree, module), code.path)
    if file is not None:
        return _is_same(_meant_file(tree, _python_file(file)), code.path)
    is_default = tree.is_no_text("file") and tree.is_no_text("module") and not tree.is_absent(IDENTIFIER)
    return is_default and _is_same(tree.path.parent / f"{DEFAULT_FILE}.py", code.path)


def is_exact(tree: Tree, code: Code) -> bool:
    """Whether a YAML file names this module itself."""
    file, module = tree.text("file"), tree.text("module")
    if file is not None and module is None:
        return _is_same(_python_file(file), code.path)
    if module is not None and file is None:
        return _is_same(_located(tree, str(module.value)), code.path)
    return False


def is_sure(tree: Tree, code: Code) -> bool:
    """Whether the name that a file gives is nearly that of the module, which is else only the nearest experiment."""
    node = tree.text("module") or tree.text("file")
    name = "" if node is None else Path(str(node.value)).name.removesuffix(".py").rpartition(".")[2]
    return node is None or bool(get_close_matches(name, [code.path.stem, code.name.rpartition(".")[2]], n=1))


def mistakes(tree: Tree, code: Code) -> Iterator[Mistake]:
    """What the file names and does not exist."""
    file, module = tree.text("file"), tree.text("module")
    if file is not None and module is not None:
        position = tree.root.entries["module"].key
        problem = Problem("found a file and a module, expected one of them", path=("module",), position=position)
        yield Mistake(Subject.CONTENT, problem)
    elif file is not None and not _python_file(file).is_file():
        yield _missing(file, "file", f"{_python_file(file).name}: no such file{_nearest(_python_file(file))}")
    elif module is not None and module.value != code.name and _located(tree, str(module.value)) is None:
        yield _missing(module, "module", f"no module {module.value!r}{did_you_mean(str(module.value), [code.name])}")
    yield from _before(tree, code)
    yield from _directories(tree)


def _missing(node: ScalarNode, key: str, message: str, *index: int) -> Mistake:
    return Mistake(Subject.PATH, Problem(message, path=(key, *index), position=node.position))


def _before(tree: Tree, code: Code) -> Iterator[Mistake]:
    """`pre_experiment`: a file if it looks like one, a module otherwise."""
    node = tree.text("pre_experiment")
    name = "" if node is None else str(node.value)
    if node is None:
        return
    if "/" in name or "\\" in name or name.endswith(".py"):
        path = Path(_absolute(node))
        if not path.is_file():
            yield _missing(node, "pre_experiment", f"{name}: no such file{_nearest(path)}")
    elif _located(tree, name, code.path.parent) is None:
        yield _missing(node, "pre_experiment", f"no module {name!r}{did_you_mean(name, _modules_in(code.path.parent))}")


def _directories(tree: Tree) -> Iterator[Mistake]:
    for index, item in _python_path(tree):
        if not Path(_absolute(item)).is_dir():
            path = Path(_absolute(item))
            known = [each.name for each in path.parent.iterdir() if each.is_dir()] if path.parent.is_dir() else []
            message = f"{item.value}: no such directory{did_you_mean(path.name, known)}"
            yield _missing(item, "pythonpath", message, index)


def _python_path(tree: Tree) -> Iterator[tuple[int, ScalarNode]]:
    entry = tree.root.entries.get("pythonpath")
    for index, item in enumerate(entry.value.items if entry and isinstance(entry.value, ListNode) else ()):
        if isinstance(item, ScalarNode) and isinstance(item.value, str) and item.value and not is_unknown(item):
            yield index, item


def _absolute(node: ScalarNode) -> str:
    return beside(node.position, str(node.value), Path.cwd())


def _python_file(node: ScalarNode) -> Path:
    name = _absolute(node)
    return Path(name if name.endswith(".py") else f"{name}.py")


def _meant_file(tree: Tree, path: Path) -> Path | None:
    """The file, or the experiment that has nearly this name."""
    if path.is_file():
        return path
    folder = path.parent if path.parent.is_dir() else tree.path.parent
    return _nearly(path.stem, search.experiments_in(folder), tree)


def _meant_module(tree: Tree, node: ScalarNode) -> Path | None:
    name = str(node.value)
    located = _located(tree, name)
    if located is not None:
        return located
    folders = _folders(tree, name)
    candidates = [path for folder in folders for path in search.experiments_in(folder / _parent(name))]
    return _nearly(name.rpartition(".")[2], candidates, tree)


def _nearly(stem: str, candidates: Iterable[Path], tree: Tree) -> Path | None:
    paths = {path.stem: path for path in candidates}
    close = get_close_matches(stem, paths, n=1)
    if close:
        return paths[close[0]]
    is_only = len(paths) == 1 and not tree.is_absent(IDENTIFIER)
    return next(iter(paths.values())) if is_only else None


def _parent(name: str) -> Path:
    return Path(*name.split(".")[:-1])


def _located(tree: Tree, name: str, *more: Path) -> Path | None:
    """The file of a module, where an experiment would find it; the directory of a package is enough for others."""
    for folder in [*_folders(tree, name), *more]:
        base = folder / Path(*name.split("."))
        for file in (base.with_name(f"{base.name}.py"), base / "__init__.py", base):
            if file.exists():
                return file
    return _installed(name.partition(".")[0])


def _folders(tree: Tree, name: str) -> list[Path]:
    """Where modules are searched: as the file says, beside it, as far above as the name has parts, and here."""
    here = tree.path.parent
    written = [Path(_absolute(item)) for _, item in _python_path(tree)]
    return [*written, here, *here.parents[: name.count(".")], Path.cwd()]


@lru_cache(maxsize=64)
def _installed(package: str) -> Path | None:
    try:
        found = PathFinder.find_spec(package, _elsewhere())
    except (ImportError, ValueError):
        return None
    return None if found is None else Path(found.origin or package)


def _elsewhere() -> list[str]:
    """Where packages are installed: `python -m mypy` has the current directory on the path, which says nothing."""
    return [entry for entry in sys.path if entry and Path(entry) != Path.cwd()]


def _is_same(path: Path | None, other: Path) -> bool:
    return path is not None and os.path.realpath(path) == os.path.realpath(other)


def _modules_in(folder: Path) -> list[str]:
    return sorted(path.stem for path in folder.glob("*.py"))


def _nearest(path: Path) -> str:
    if not path.parent.is_dir():
        return ", nor its directory"
    return did_you_mean(path.name, [file.name for file in path.parent.glob("*.py")])
