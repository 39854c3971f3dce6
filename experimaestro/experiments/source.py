"""The code of an experiment: its module, its `run` function, its configuration class."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import sys
import traceback
import typing
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, Final, NamedTuple

import attrs

from experimaestro.configuration.source import ExperimentSource
from experimaestro.exceptions import HandledException, did_you_mean
from experimaestro.experiments.helper import ExperimentCallable, ExperimentHelper

_PACKAGE: Final = str(Path(__file__).absolute().parent.parent)

SIGNATURE: Final = "run(helper: ExperimentHelper, cfg: MyConfiguration)"


class ExperimentCodeError(HandledException):
    """The code of an experiment is not what it should be."""


class Plan(NamedTuple):
    """What an experiment runs, and with what."""

    helper: ExperimentHelper
    configuration_class: type[Any]  # Any: a class of the user
    file: Path | None


def load_plan(source: ExperimentSource) -> Plan:
    """Imports the code of an experiment, and checks its `run` function.

    Raises ExperimentCodeError.
    """
    add_to_path(source.pythonpath)
    if source.pre_experiment is not None:
        _run_before(source.pre_experiment)
    module = _import_file(source.file) if source.file is not None else _import_name(source.module or "")
    return _plan(module)


def add_to_path(directories: Sequence[Path]) -> None:
    """Lets modules be found in directories, before all others.

    Raises ExperimentCodeError.
    """
    for directory in directories:
        if not directory.is_dir():
            raise ExperimentCodeError(f"pythonpath: {directory} is no directory")
    added = [str(directory) for directory in directories]
    sys.path[:] = [*added, *(entry for entry in sys.path if entry not in added)]


def _run_before(pre_experiment: str) -> None:
    """Runs what must come before the experiment is imported."""
    path = Path(pre_experiment)
    if path.suffix == ".py" or len(path.parts) > 1:
        if not path.exists():
            raise ExperimentCodeError(f"pre_experiment: {path} does not exist")
        _execute(path, "pre_experiment")
    else:
        _import_name(pre_experiment)


def _import_file(file: Path) -> ModuleType:
    """Imports a file under its own name, as the jobs of its tasks will."""
    if not file.exists():
        raise ExperimentCodeError(f"{file} does not exist{_nearest_file(file)}")
    name = file.stem
    if not name.isidentifier():
        raise ExperimentCodeError(f"{file} cannot be imported: {name!r} is no name of a module; rename the file")
    known = sys.modules.get(name)
    if known is not None and _file_of(known) != file.absolute():
        raise ExperimentCodeError(
            f"{file} cannot be imported as {name!r}: another module has this name ({_file_of(known) or 'built in'}); "
            "rename the file"
        )
    return known or _execute(file, name)


def _nearest_file(file: Path) -> str:
    return did_you_mean(file.name, [path.name for path in file.parent.glob("*.py")] if file.parent.is_dir() else [])


def _file_of(module: ModuleType) -> Path | None:
    file = getattr(module, "__file__", None)
    return Path(file).absolute() if file else None


def _execute(file: Path, name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise ExperimentCodeError(f"{file} is no Python file")
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except HandledException:
        raise
    except Exception as error:
        del sys.modules[name]
        raise ExperimentCodeError(f"cannot import {file}: {describe(error)}") from error
    return module


def _import_name(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except HandledException:
        raise
    except Exception as error:
        raise ExperimentCodeError(f"cannot import module {name!r}: {describe(error)}") from error


def describe(error: BaseException) -> str:
    """An error and the line of the user's code where it was raised."""
    if isinstance(error, SyntaxError):
        return f"{error.filename}:{error.lineno}: SyntaxError: {error.msg}"
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if is_users(frame.filename)]
    where = f"{frames[-1].filename}:{frames[-1].lineno}: " if frames else ""
    return f"{where}{type(error).__name__}: {error}"


def is_users(filename: str) -> bool:
    """Whether a file is code of the user, neither ours nor that of the import machinery."""
    return not filename.startswith((_PACKAGE, "<frozen"))


def _plan(module: ModuleType) -> Plan:
    name = str(_file_of(module) or module.__name__)
    run = getattr(module, "run", None)
    if run is None:
        functions = [key for key, value in vars(module).items() if inspect.isfunction(value)]
        raise ExperimentCodeError(f"{name} has no function {SIGNATURE}{did_you_mean('run', functions)}")
    function: ExperimentCallable = run.callable if isinstance(run, ExperimentHelper) else run
    configuration_class = _configuration_class(name, function)
    helper = run if isinstance(run, ExperimentHelper) else _helper_class(function)(function)
    return Plan(helper, configuration_class, _file_of(module))


def _configuration_class(name: str, run: ExperimentCallable) -> type[Any]:  # Any: a class of the user
    if not callable(run):
        raise ExperimentCodeError(f"{name}: `run` is {run!r}, expected a function {SIGNATURE}")
    parameters = list(inspect.signature(run).parameters.values())
    where = f"{name}:{run.__code__.co_firstlineno}" if inspect.isfunction(run) else name
    if len(parameters) != 2:
        names = ", ".join(parameter.name for parameter in parameters)
        raise ExperimentCodeError(f"{where}: found run({names}), expected {SIGNATURE}")
    kind = _hints(where, run).get(parameters[1].name)
    if kind is None:
        raise ExperimentCodeError(
            f"{where}: the second parameter of `run`, {parameters[1].name!r}, needs an annotation: {SIGNATURE}"
        )
    if not (isinstance(kind, type) and attrs.has(kind)):
        raise ExperimentCodeError(
            f"{where}: the second parameter of `run` is a {getattr(kind, '__name__', kind)}, expected a class decorated "
            "with @configuration"
        )
    return kind


def _hints(where: str, run: ExperimentCallable) -> dict[str, Any]:  # Any: annotations
    try:
        return typing.get_type_hints(run)
    except NameError as error:
        raise ExperimentCodeError(f"{where}: {error.name!r}, in an annotation of `run`, is not defined") from None


def _helper_class(run: ExperimentCallable) -> type[ExperimentHelper]:
    """The class of the first parameter of `run`, when it is a helper class."""
    first = next(iter(inspect.signature(run).parameters))
    kind = typing.get_type_hints(run).get(first)
    return kind if isinstance(kind, type) and issubclass(kind, ExperimentHelper) else ExperimentHelper
