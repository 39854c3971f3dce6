"""``launchers.py``: the program of the user that chooses launchers."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from experimaestro.exceptions import HandledException, did_you_mean
from experimaestro.launcherfinder.specs import RequirementUnion
from experimaestro.launchers.base import Launcher

FUNCTION: Final = "find_launcher"
SIGNATURE: Final = f"{FUNCTION}(requirements, tags)"


class LaunchersFileError(HandledException):
    """The program of the user that chooses launchers is not what it should be, or failed."""


class LaunchersFile:
    """The program, loaded."""

    def __init__(self, path: Path, function: Callable[..., Any]) -> None:  # Any: written by the user, checked below
        self.path = path
        self._function = function

    def find(self, requirement: RequirementUnion, tags: set[str]) -> Launcher | None:
        """Asks the program for a launcher.

        Raises LaunchersFileError, with the line, when it fails or returns something else.
        """
        try:
            found: object = self._function(requirement, tags)
        except HandledException:
            raise
        except Exception as error:
            raise LaunchersFileError(
                f"{_place(error, self.path)}: {SIGNATURE} failed for {str(requirement)!r}: {_words(error)}"
            ) from error
        if found is None or isinstance(found, Launcher):
            return found
        raise LaunchersFileError(f"{self.path}: {SIGNATURE} returned {found!r}, expected a Launcher, or None")


def load(path: Path) -> LaunchersFile:
    """Runs the file, and finds its function.

    Raises LaunchersFileError.
    """
    module = _execute(path)
    function = getattr(module, FUNCTION, None)
    if function is None:
        names = [name for name in vars(module) if not name.startswith("_")]
        raise LaunchersFileError(f"{path}: no function {SIGNATURE}{did_you_mean(FUNCTION, names)}")
    if not callable(function):
        raise LaunchersFileError(f"{path}: found {FUNCTION} = {function!r}, expected a function {SIGNATURE}")
    return LaunchersFile(path, function)


def _execute(path: Path) -> ModuleType:
    """Runs a file as a module of its own, which is not found under the name of the file."""
    name = f"_experimaestro_launchers_{abs(hash(path)):x}"
    loader = SourceFileLoader(name, str(path))
    spec = spec_from_file_location(name, path, loader=loader)
    assert spec is not None, "there is a loader"
    module = sys.modules[name] = module_from_spec(spec)
    try:
        loader.exec_module(module)
    except HandledException:
        raise
    except (Exception, SystemExit) as error:
        del sys.modules[name]
        raise LaunchersFileError(f"{_place(error, path)}: {_words(error)}") from error
    return module


def _words(error: BaseException) -> str:
    if isinstance(error, SyntaxError):
        return f"{type(error).__name__}: {error.msg}"
    return "".join(traceback.format_exception_only(error)).strip()


def _place(error: BaseException, path: Path) -> str:
    """The line of the program where it failed, or where it called what failed."""
    if isinstance(error, SyntaxError) and error.filename == str(path):
        return f"{path}:{error.lineno}"
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
    return f"{path}:{frames[-1].lineno}" if frames else str(path)
