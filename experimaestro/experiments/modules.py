"""The modules of an experiment: where they are, and their import."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
import sys
from collections.abc import Iterable, Sequence
from importlib.machinery import PathFinder, SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

from experimaestro.configuration.errors import ConfigurationError, Problem
from experimaestro.configuration.source import ExperimentSource
from experimaestro.configuration.tree import ROOT, ConfigurationTree, KeyPath, Position
from experimaestro.exceptions import HandledException, did_you_mean
from experimaestro.experiments.frames import summary


class ExperimentCodeError(HandledException):
    """The code of an experiment is not what it should be."""


class Code(NamedTuple):
    """The code of an experiment, imported."""

    module: ModuleType
    python_path: Sequence[Path]
    """Where its jobs find modules too."""


def import_code(source: ExperimentSource, tree: ConfigurationTree) -> Code:
    """Imports the code of an experiment, after what must come before it.

    Raises ConfigurationError for what the YAML file says of it, ExperimentCodeError for what the code does.
    """
    _check_directories(source.pythonpath, tree)
    add_to_path(source.pythonpath)
    if source.pre_experiment is not None:
        _run_before(source.pre_experiment, tree)
    if source.file is not None:
        return Code(_import_file(source.file, tree), source.pythonpath)
    name = source.module or ""
    found = _directory_of(name, tree)
    add_to_path(found)
    return Code(_import_name(name, ("module",), tree), [*source.pythonpath, *found])


def add_to_path(directories: Sequence[Path]) -> None:
    """Lets modules be found in directories, before all others."""
    added = [str(directory) for directory in directories]
    sys.path[:] = [*added, *(entry for entry in sys.path if entry not in added)]


def file_of(module: ModuleType) -> Path | None:
    """The file of a module; None for those that are built in."""
    file = getattr(module, "__file__", None)
    return Path(file).absolute() if file else None


def _check_directories(directories: Sequence[Path], tree: ConfigurationTree) -> None:
    missing = [(index, directory) for index, directory in enumerate(directories) if not directory.is_dir()]
    if missing and tree.node(("pythonpath",)) is not None:
        raise ConfigurationError(
            _problem(f"no such directory: {directory}{_nearest_directory(directory)}", ("pythonpath", index), tree)
            for index, directory in missing
        )


def _run_before(pre_experiment: str, tree: ConfigurationTree) -> None:
    """Runs what must come before the experiment is imported: a file, or a module."""
    path = Path(pre_experiment)
    if path.is_absolute():
        _check_file(path, ("pre_experiment",), tree)
        _execute(path, "pre_experiment")
    else:
        _import_name(pre_experiment, ("pre_experiment",), tree)


def _import_file(file: Path, tree: ConfigurationTree) -> ModuleType:
    """Imports a file under its own name, as the jobs of its tasks will."""
    _check_file(file, ("file",), tree)
    name = file.stem
    known = sys.modules.get(name)
    if known is not None and file_of(known) == file.absolute():
        return known
    if "." in name:
        raise ExperimentCodeError(f"{file} cannot be imported: a module has no '.' in its name; rename the file")
    if known is not None or name in sys.stdlib_module_names:
        owner = file_of(known) if known is not None else None
        other = owner or "of Python itself"
        raise ExperimentCodeError(
            f"{file} cannot be imported as {name!r}: another module has this name ({other}); rename the file"
        )
    return _execute(file, name)


def _check_file(file: Path, key: KeyPath, tree: ConfigurationTree) -> None:
    if file.is_file():
        return
    if file.is_dir():
        reason = f"this is a directory: {file}"
    elif tree.node(key) is None:
        reason = f"missing, and there is no {file}{_nearest_file(file)}"
    else:
        reason = f"no such file: {file}{_nearest_file(file)}"
    raise ConfigurationError([_problem(reason, key, tree)])


def _nearest_file(file: Path) -> str:
    return did_you_mean(file.name, [path.name for path in file.parent.glob("*.py")] if file.parent.is_dir() else [])


def _nearest_directory(directory: Path) -> str:
    parent = directory.parent
    known = [path.name for path in parent.iterdir() if path.is_dir()] if parent.is_dir() else []
    return did_you_mean(directory.name, known)


def _execute(file: Path, name: str) -> ModuleType:
    loader = SourceFileLoader(name, str(file))
    spec = importlib.util.spec_from_file_location(name, file, loader=loader)
    assert spec is not None, "there is a loader"
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    try:
        loader.exec_module(module)
    except HandledException:
        raise
    except (Exception, SystemExit) as error:
        del sys.modules[name]
        hint = _hint(error) or _namesake(name, file)
        raise ExperimentCodeError(f"cannot import {file}: {summary(error)}{hint}") from error
    return module


def _import_name(name: str, key: KeyPath, tree: ConfigurationTree) -> ModuleType:
    try:
        return importlib.import_module(name)
    except HandledException:
        raise
    except ModuleNotFoundError as error:
        if error.name is None or not f"{name}.".startswith(f"{error.name}."):
            raise ExperimentCodeError(f"cannot import module {name!r}: {summary(error)}{_hint(error)}") from error
        message = f"no module {error.name!r}{_nearest_module(error.name, _beside(tree))}"
        raise ConfigurationError([_problem(message, key, tree)]) from error
    except (Exception, SystemExit) as error:
        raise ExperimentCodeError(f"cannot import module {name!r}: {summary(error)}{_hint(error)}") from error


def _hint(error: BaseException) -> str:
    """What may mend a failed import."""
    if isinstance(error, ModuleNotFoundError) and error.name:
        return _nearest_module(error.name)
    if isinstance(error, ImportError) and "no known parent package" in str(error):
        return " (name the module of its package with `module:` instead of `file:`)"
    if isinstance(error, SystemExit):
        return ' (an experiment is imported; what a script does stands under `if __name__ == "__main__":`)'
    return ""


def _namesake(name: str, file: Path) -> str:
    """An experiment that imports the library it is named after gets itself."""
    elsewhere = [entry for entry in sys.path if Path(entry).absolute() != file.absolute().parent]
    found = PathFinder.find_spec(name, elsewhere)
    return f" (it hides {found.origin}: rename the file)" if found is not None and found.origin else ""


def _nearest_module(name: str, beside: Path | None = None) -> str:
    parent, _, _ = name.rpartition(".")
    top = sys.path if beside is None else [str(beside), *sys.path]
    where: Iterable[str] = getattr(sys.modules.get(parent), "__path__", ()) if parent else top
    prefix = f"{parent}." if parent else ""
    return did_you_mean(name, [f"{prefix}{module.name}" for module in pkgutil.iter_modules(where)])


def _directory_of(module: str, tree: ConfigurationTree) -> list[Path]:
    """Where a module is that Python does not find: beside the YAML file, or as far above as its name has parts."""
    package = module.partition(".")[0]
    if package in sys.modules or PathFinder.find_spec(package) is not None:
        return []
    candidates = [_beside(tree), *_beside(tree).parents[: module.count(".")]]
    return [path for path in candidates if PathFinder.find_spec(package, [str(path)]) is not None][:1]


def _beside(tree: ConfigurationTree) -> Path:
    return tree.path.absolute().parent


def _problem(message: str, path: KeyPath, tree: ConfigurationTree) -> Problem:
    position = tree.position(path)
    if position is None:
        return Problem(message, path=path, position=Position(str(tree.path)))
    return Problem(message, path=path if position.line else ROOT, position=position)  # an option names its key
