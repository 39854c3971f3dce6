"""Finding the configuration classes of projects."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType
from typing import NamedTuple

from experimaestro.core.config import Config


class NotFoundError(LookupError):
    """A name is that of no configuration class."""


class Unimported(NamedTuple):
    """A module that cannot be imported."""

    name: str
    error: Exception


def find_configuration(name: str, module: str | None = None) -> type[Config]:
    """Imports a class, by its full name or by its name in a module.

    Raises NotFoundError, and what the modules raise.
    """
    candidates = [name, *([f"{module}.{name}"] if module else [])]
    found = next((value for value in map(_imported, candidates) if value is not None), None)
    if not (isinstance(found, type) and issubclass(found, Config)):
        raise NotFoundError(f"{name} is no configuration class" if found is not None else f"{name} is not found")
    return found


def _imported(name: str) -> object | None:
    """What a full name stands for; None when there is no such thing."""
    parts = name.split(".")
    for count in range(len(parts) - 1, 0, -1):
        path = ".".join(parts[:count])
        try:
            value: object = importlib.import_module(path)
        except ModuleNotFoundError as error:
            if error.name is None or not f"{path}.".startswith(f"{error.name}."):
                raise  # the module is found, but not something that it imports
            continue
        for part in parts[count:]:
            value = getattr(value, part, None)
        return value
    return None


def import_all(package: str) -> Iterator[ModuleType | Unimported]:
    """Imports a module and those below it."""
    try:
        module = importlib.import_module(package)
    except Exception as error:  # noqa: BLE001  # the code of the user: it is reported
        yield Unimported(package, error)
        return
    yield module
    for info in pkgutil.iter_modules(getattr(module, "__path__", [])):
        if info.name != "__main__":
            yield from import_all(f"{package}.{info.name}")


def configurations_of(module: ModuleType) -> Iterator[type[Config]]:
    """The configuration classes that a module defines; those of instances only are left out."""
    for value in vars(module).values():
        if isinstance(value, type) and issubclass(value, Config) and value.__module__ == module.__name__:
            parents = value.__getxpmtype__().parents()
            if not any(parent.value_type is value for parent in parents):
                yield value
