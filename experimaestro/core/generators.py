"""Values that are computed when a configuration is sealed: paths below the directory of its job."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar, cast

from experimaestro.core.partials import Partial

if TYPE_CHECKING:
    from experimaestro.core.state import Configuration

T_co = TypeVar("T_co", covariant=True)


class GenerationContext(Protocol):
    """Where a configuration is, when its generated values are computed."""

    def currentpath(self) -> Path:
        """The directory of the configuration."""
        ...

    def partial_path(self, partial: Partial, config: Configuration) -> Path:
        """The directory that the configuration shares with those of the same partial identifier."""
        ...


class Generator(Generic[T_co]):
    """Computes the value of a parameter from the place of its configuration."""

    def __call__(self, context: GenerationContext | None = None, config: Configuration | None = None) -> T_co:
        """Returns the value; the system gives both arguments.

        They are optional for type checkers only: so that a generator is a valid `default_factory`.
        """
        raise NotImplementedError(f"{type(self).__name__} computes no value")

    def isoutput(self) -> bool:
        """Whether the value is something that the task produces."""
        return False


PathFunction = Callable[[GenerationContext, "Configuration"], "str | Path"]


class PathGenerator(Generator[Path]):
    """A path below the directory of the task, or below the directory of a partial identifier. Nothing is created.

    `path` is relative, or a function of the context and the configuration that returns a relative path; an empty path
    is the directory itself.
    """

    def __init__(self, path: str | Path | PathFunction = "", *, partial: Partial | None = None) -> None:
        self.path = path
        self.partial = partial

    def __call__(self, context: GenerationContext | None = None, config: Configuration | None = None) -> Path:
        if context is None or config is None:
            raise TypeError("a generated path needs the context of a sealed configuration")
        base = context.partial_path(self.partial, config) if self.partial else context.currentpath()
        if inspect.isfunction(self.path):
            return base / cast("PathFunction", self.path)(context, config)  # isfunction does not narrow a union
        return base / cast("str | Path", self.path)  # idem

    def isoutput(self) -> bool:
        return True
