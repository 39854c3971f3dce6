"""Decorators of the methods of configurations."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any, Concatenate, Final, ParamSpec, TypeVar, cast

from experimaestro._files import FileLock
from experimaestro.core.environment import Env
from experimaestro.core.identifier import ConfigIdentifier
from experimaestro.core.state import Configuration
from experimaestro.exceptions import ExperimaestroError

T = TypeVar("T")
S = TypeVar("S")
P = ParamSpec("P")

_VALUES: Final = "__xpm_initialized__"


class UsageError(ExperimaestroError, TypeError):
    """A decorated method is called on the wrong kind of object."""


def config_only(method: Callable[Concatenate[S, P], T]) -> Callable[Concatenate[S, P], T]:
    """Lets a method be called on configurations only, not on instances."""

    @functools.wraps(method)
    def checked(self: S, /, *args: P.args, **kwargs: P.kwargs) -> T:
        if not isinstance(self, Configuration):
            raise UsageError(f"{method.__qualname__} is for configurations, not for instances")
        return method(self, *args, **kwargs)

    return checked


def initializer(method: Callable[Concatenate[S, P], T]) -> Callable[Concatenate[S, P], T]:
    """Runs a method once for each object: later calls return the value of the first one."""

    @functools.wraps(method)
    def once(self: S, /, *args: P.args, **kwargs: P.kwargs) -> T:
        values: dict[str, Any] = self.__dict__.setdefault(_VALUES, {})  # Any: what the methods return
        if method.__name__ not in values:
            values[method.__name__] = method(self, *args, **kwargs)
        return cast("T", values[method.__name__])  # what the method returned

    return once


def cache(name: str) -> Callable[[Callable[Concatenate[S, Path, P], T]], Callable[Concatenate[S, P], T]]:
    """Gives a method a path of its own, the same for equal configurations: ``def compute(self, path): ...``.

    Two processes do not run it at the same time for the same path. The method says itself whether the path holds what
    it wants.
    """

    def decorate(method: Callable[Concatenate[S, Path, P], T]) -> Callable[Concatenate[S, P], T]:
        @functools.wraps(method)
        def cached(self: S, /, *args: P.args, **kwargs: P.kwargs) -> T:
            path = _cache_directory(self) / name
            with FileLock(path.with_name(f"{name}.lock")):
                return method(self, path, *args, **kwargs)

        return cached

    return decorate


def _cache_directory(instance: object) -> Path:
    workspace = Env.instance().wspath
    if workspace is None:
        raise UsageError("a cached method needs a workspace: call it in a task")
    kind = type(instance)
    directory = workspace / "config" / f"{kind.__module__}.{kind.__qualname__}" / _identifier(instance).hex()
    directory.mkdir(parents=True, exist_ok=True)
    return directory


def _identifier(instance: Any) -> ConfigIdentifier:  # Any: an instance, loaded or made from a configuration
    loaded = getattr(instance, "__xpmidentifier__", None)
    if isinstance(loaded, ConfigIdentifier):
        return loaded
    return cast("ConfigIdentifier", instance.xpmconfig.__identifier__())  # instances know their configuration


def documentation(method: Callable[P, T]) -> Callable[P, T]:
    """Says that a method belongs in the documentation of its class."""
    method.__xpm_documentation__ = True  # type: ignore[attr-defined]  # a mark that documentation tools look for
    return method
