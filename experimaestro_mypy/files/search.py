"""Which YAML files and scripts are near the code: those of its directory, just below, and of the directories above."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from experimaestro_mypy.settings import Settings

YAML: Final = (".yaml", ".yml")
SCRIPTS: Final = (".sh",)

_HOMES: Final = ("experiments", "configs", "config", "conf", "configurations", "settings", "yaml")
"""Directories beside those above the code where YAML files are looked for."""

_WORKFLOWS: Final = Path(".github/workflows")

_SKIPPED: Final = frozenset({"node_modules", "site-packages", "__pycache__", "venv", "build", "dist"})
_MOST_ENTRIES: Final = 5_000
"""Of a directory: one with more holds data."""

_HIGHEST: Final = 5
"""How many directories above the code are looked at."""

_DEEPEST: Final = 5
"""How far below the current directory the daemon looks."""

_LARGEST: Final = 1_000_000
"""In bytes: experiments are described with less."""

_EXPERIMENT: Final = re.compile(rb"^(?:file|module|imports|parent|id)[ \t]*:", re.MULTILINE)
_PACKAGE: Final = re.compile(rb"\bexperimaestro\b")
_COMMAND: Final = re.compile(rb"\brun-experiment\b")
_RUN: Final = re.compile(rb"^(?:async )?def run\b", re.MULTILINE)


def yaml_near(module: Path, settings: Settings) -> list[Path]:
    """The YAML files that may be of an experiment in this module."""
    if settings.yaml is not None:
        found = {path for pattern in settings.yaml for path in settings.directory.glob(pattern) if path.is_file()}
    else:
        found = {path for folder in _folders(module.parent) for path in _files(folder, YAML)}
    return sorted(path for path in found if _mentions(path, _EXPERIMENT))


def scripts_near(module: Path) -> list[Path]:
    """The shell scripts and workflows that may run the experiment of this module."""
    above = _above(module.parent)
    workflows = [path for folder in above for path in _files(folder / _WORKFLOWS, YAML)]
    scripts = [path for folder in _folders(module.parent) for path in _files(folder, SCRIPTS)]
    return sorted({path for path in [*workflows, *scripts] if _mentions(path, _COMMAND)})


def defines_run(module: Path) -> bool:
    """Whether a module has a function `run`, perhaps that of an experiment."""
    return _mentions(module, _RUN)


def uses_package(module: Path) -> bool:
    """Whether a module mentions the package."""
    return _mentions(module, _PACKAGE)


def may_be_named(module: Path, settings: Settings) -> bool:
    """Whether a YAML file near a module has its name, perhaps as that of its experiment."""
    pattern = re.compile(rb"^(?:file|module)[ \t]*:.*\b" + re.escape(module.stem.encode()) + rb"\b", re.MULTILINE)
    return any(_mentions(path, pattern) for path in yaml_near(module, settings))


def experiments_in(folder: Path) -> list[Path]:
    """The modules of a directory that have a function `run`."""
    return [path for path in _files(folder, (".py",)) if defines_run(path)]


def top(folder: Path) -> Path:
    """The top of the project of a directory, as far as it is looked at."""
    return _above(folder)[-1]


def below(folder: Path, depth: int = _DEEPEST) -> list[Path]:
    """All YAML files and scripts below a directory that may concern experiments."""
    listed = _listed(folder)
    files = [folder / name for name in listed.files if name.endswith((*YAML, *SCRIPTS))]
    inner = [folder / name for name in listed.folders] if depth else []
    workflows = [folder / _WORKFLOWS] if depth == _DEEPEST else []
    return [*sorted(files), *(path for each in [*inner, *workflows] for path in below(each, depth - 1))]


def _folders(folder: Path) -> Iterator[Path]:
    yield folder
    yield from (folder / name for name in _listed(folder).folders)
    for above in _above(folder)[1:]:
        yield above
        yield from (above / name for name in _listed(above).folders if name in _HOMES)


def _above(folder: Path) -> list[Path]:
    """The directory and those above, up to the top of the project."""
    found: list[Path] = []
    for each in (folder, *folder.parents)[: _HIGHEST + 1]:
        found.append(each)
        if each == Path.cwd() or (each / ".git").exists() or (each / "pyproject.toml").exists():
            break
    return found


class _Listed(NamedTuple):
    files: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()


def _files(folder: Path, suffixes: tuple[str, ...]) -> list[Path]:
    return [folder / name for name in _listed(folder).files if name.endswith(suffixes)]


def _listed(folder: Path) -> _Listed:
    try:
        return _read(str(folder), folder.stat().st_mtime_ns)
    except OSError:
        return _Listed()


@lru_cache(maxsize=1024)
def _read(folder: str, version: int) -> _Listed:
    files: list[str] = []
    folders: list[str] = []
    with os.scandir(folder) as entries:
        for count, entry in enumerate(entries):
            if count > _MOST_ENTRIES:
                return _Listed()
            if entry.is_file():
                files.append(entry.name)
            elif entry.is_dir() and not entry.name.startswith(".") and entry.name not in _SKIPPED:
                folders.append(entry.name)
    return _Listed(tuple(sorted(files)), tuple(sorted(folders)))


def _mentions(path: Path, pattern: re.Pattern[bytes]) -> bool:
    try:
        status = path.stat()
    except OSError:
        return False
    return status.st_size <= _LARGEST and _searched(str(path), pattern, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=4096)
def _searched(path: str, pattern: re.Pattern[bytes], version: int, size: int) -> bool:
    try:
        return pattern.search(Path(path).read_bytes()) is not None
    except OSError:
        return False
