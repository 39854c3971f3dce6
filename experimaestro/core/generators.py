"""Paths computed when a configuration is sealed, below the directory of its job."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import FunctionType
from typing import cast

from experimaestro.core.partials import Partial
from experimaestro.core.state import Configuration, GenerationContext, Generator

PathFunction = Callable[[GenerationContext, Configuration], str | Path]


def STDOUT(context: GenerationContext, config: Configuration) -> str:
    """The name of the file with the standard output of the job: ``PathGenerator(STDOUT)``."""
    return f"{_job_name(context, config)}.out"


def STDERR(context: GenerationContext, config: Configuration) -> str:
    """The name of the file with the standard error output of the job: ``PathGenerator(STDERR)``."""
    return f"{_job_name(context, config)}.err"


def _job_name(context: GenerationContext, config: Configuration) -> str:
    return context.name or config.__xpm__.xpmtype.identifier.name.rpartition(".")[2]


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
        if isinstance(self.path, FunctionType):
            compute = cast("PathFunction", self.path)  # isinstance does not tell the signature
            return base / compute(context, config)
        return base / cast("str | Path", self.path)  # what is left, as a path is no function

    def isoutput(self) -> bool:
        return True

    def __repr__(self) -> str:
        return f"PathGenerator({str(self.path)!r})" if isinstance(self.path, str | Path) else "PathGenerator(...)"


def is_same_file(one: object, other: object) -> bool:
    """Whether two generators name the same file below the same directory; the directory itself is no file."""
    return (
        isinstance(one, PathGenerator)
        and isinstance(other, PathGenerator)
        and one.partial is other.partial
        and isinstance(one.path, str | Path)
        and isinstance(other.path, str | Path)
        and Path(one.path) == Path(other.path) != Path()
    )
