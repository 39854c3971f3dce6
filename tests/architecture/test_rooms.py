"""Data flows one way: who may import whom, as `docs/structure.md` tells it.

Imports inside functions and under `TYPE_CHECKING` count: a cycle that only waits for run time is a cycle.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Final, NewType

import pytest

ROOT: Final = Path(__file__).parents[2]
FACADE: Final = "experimaestro"
PLUGIN: Final = "experimaestro.mypy"
"""The name of the mypy plugin; it is a program as well."""
COMMAND_OF_PLUGIN: Final = "experimaestro.cli.mypy"

Module = NewType("Module", str)
"""Dotted name, such as ``experimaestro.core.types``."""

Room = NewType("Room", str)

MAY_IMPORT: Final[Mapping[str, set[str]]] = {
    "base": set(),
    "core": {"base"},
    "configuration": {"base", "core"},
    "workspace": {"base", "core"},
    "connectors": {"base"},
    "launchers": {"base", "connectors"},
    "launcherfinder": {"base", "configuration", "workspace", "connectors", "launchers"},
    "scheduler": {"base", "core", "configuration", "workspace", "connectors", "launchers"},
    "job": {"base", "core", "workspace"},
    "results": {"base", "core", "workspace"},
    "experiments": {
        *("base", "core", "configuration", "workspace", "connectors"),
        *("launchers", "launcherfinder", "scheduler", "results"),
    },
    "cli": {
        *("base", "configuration", "workspace", "connectors", "launchers"),
        *("launcherfinder", "job", "results", "experiments"),
    },
    "extras": {"base", "core", "configuration"},
    "experimaestro_mypy": {"base", "configuration", "launcherfinder"},
}

TOP_LEVEL: Final[Mapping[str, str]] = {
    "_fakes": "base",
    "_files": "base",
    "_interaction": "base",
    "_processes": "base",
    "_types": "base",
    "exceptions": "base",
    "ports": "base",
    "settings": "configuration",
    "structuring": "configuration",
    "results": "results",
    "__main__": "cli",
    "click": "extras",
    "huggingface": "extras",
    "mkdocs": "extras",
    "sphinx": "extras",
    "tools": "extras",
    "utils": "extras",
}
"""The room of each file that stands beside the rooms."""


def module_of(path: Path) -> Module:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return Module(".".join(parts[:-1] if parts[-1] == "__init__" else parts))


def paths_of(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


MODULES: Final = {module_of(path): path for path in paths_of("experimaestro")}
INNER: Final = sorted(set(MODULES) - {FACADE})


@cache
def tree_of(module: Module) -> ast.Module:
    return ast.parse(MODULES[module].read_text())


def package_of(module: Module) -> str:
    return module if MODULES[module].name == "__init__.py" else module.rpartition(".")[0]


def absolute(node: ast.ImportFrom, package: str) -> str:
    if not node.level:
        return node.module or ""
    parents = package.split(".")[: len(package.split(".")) - node.level + 1]
    return ".".join([*parents, *([node.module] if node.module else [])])


def names_in(tree: ast.AST, package: str) -> Iterator[str]:
    """Yields each imported name with its module, such as ``pathlib.Path``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{absolute(node, package)}.{alias.name}" for alias in node.names)


def home(name: str) -> Module | None:
    """Returns the module of ours that holds a name; None if it is not ours."""
    while name and name not in MODULES:
        name = name.rpartition(".")[0]
    return Module(name) if name else None


@cache
def imports_of(module: Module) -> frozenset[Module]:
    homes = (home(name) for name in names_in(tree_of(module), package_of(module)))
    return frozenset(found for found in homes if found is not None and found != module)


def room_of(module: Module) -> Room | None:
    name = module.split(".")[1]
    return Room(TOP_LEVEL.get(name, name)) if name in TOP_LEVEL or name in MAY_IMPORT else None


def is_reexport(module: Module) -> bool:
    """Whether a module only gives names of other modules: nothing is defined in it."""
    return all(
        isinstance(node, ast.ImportFrom)
        or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        or (isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__")
        for node in tree_of(module).body
    )


@pytest.mark.parametrize("module", INNER)
def test_module_imports_what_its_room_may(module: Module) -> None:
    room = room_of(module)
    allowed = {room, *MAY_IMPORT[room]} if room else set()
    forbidden = sorted(found for found in imports_of(module) - {FACADE} if room_of(found) not in allowed)
    assert not forbidden or is_reexport(module), f"{module} (room {room}) imports {forbidden}"


@pytest.mark.parametrize("module", INNER)
def test_facade_is_imported_by_none(module: Module) -> None:
    assert FACADE not in imports_of(module)


@pytest.mark.parametrize("module", [module for module in INNER if room_of(module) is None and module != PLUGIN])
def test_file_outside_the_rooms_gives_old_paths_only(module: Module) -> None:
    assert is_reexport(module), f"{module} has no room, and is more than another path to names of a room"


def test_old_paths_are_for_users_only() -> None:
    old = {module for module in INNER if room_of(module) is None}
    users = [f"{module} imports {found}" for module in INNER for found in imports_of(module) & old]
    assert not [line for line in users if not is_reexport(Module(line.split()[0]))]


def test_no_import_cycle() -> None:
    graph = {module: imports_of(module) - {FACADE} for module in INNER}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" imports ".join(reversed(error.args[1])))


def test_plugin_has_no_import_cycle() -> None:
    plugin = {module_of(path): ast.parse(path.read_text()) for path in paths_of("experimaestro_mypy")}
    graph = {
        module: {found for name in names_in(tree, module) if (found := _module_in(plugin, name)) not in (None, module)}
        for module, tree in plugin.items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" imports ".join(reversed(error.args[1])))


def _module_in(modules: Mapping[Module, object], name: str) -> Module | None:
    """The module that a dotted name is, or is in."""
    parents = (Module(name), Module(name.rpartition(".")[0]))
    return next((module for module in parents if module in modules), None)


@pytest.mark.parametrize("path", paths_of("experimaestro_mypy"), ids=lambda path: path.name)
def test_plugin_imports_what_reads_files_and_requirements(path: Path) -> None:
    imported = names_in(ast.parse(path.read_text()), "experimaestro_mypy")
    homes = [home(name) for name in imported if name.split(".")[0] == FACADE]
    rooms = {room_of(found) if found is not None and found != FACADE else None for found in homes}
    assert rooms <= MAY_IMPORT["experimaestro_mypy"]


@pytest.mark.parametrize("module", INNER)
def test_plugin_is_imported_by_mypy_and_its_command_only(module: Module) -> None:
    imported = names_in(tree_of(module), package_of(module))
    assert module in (PLUGIN, COMMAND_OF_PLUGIN) or not [
        name for name in imported if name.startswith("experimaestro_mypy")
    ]


def test_table_of_rooms_is_that_of_the_documentation() -> None:
    page = (ROOT / "docs/structure.md").read_text()
    rows = re.findall(r"^\| `?(\w+)/?`? \|[^|]*\| ([^|]*) \|$", page, re.MULTILINE)
    documented = {room: set(re.findall(r"\w+", allowed)) - {"nothing"} for room, allowed in rows if room != "room"}
    assert documented == MAY_IMPORT
