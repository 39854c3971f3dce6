"""Registering, in a running task, an output that the experiment can use before the task ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any, Final

from experimaestro.core.containers import is_dictionary, is_sequence
from experimaestro.core.environment import Env
from experimaestro.core.names import ConfigIdentifier
from experimaestro.exceptions import ExperimaestroError

PATH: Final = "$path"
"""How a path stands in JSON: ``{"$path": "..."}``; no other dictionary may have that key."""


class NoRunningTaskError(ExperimaestroError, RuntimeError):
    """An output is registered outside of a job."""

    def __init__(self) -> None:
        super().__init__("register_task_output() is for a running task: no task is running in this process")


class ForeignMethodError(ExperimaestroError, TypeError):
    """An output is registered with something else than a method of the task, or of one of its parameters."""

    def __init__(self, method: object) -> None:
        super().__init__(
            f"register_task_output() takes a method of the task or of one of its parameters, found {method!r}"
        )


class UnregistrableError(ExperimaestroError, TypeError):
    """An output is registered with an argument that another process cannot be given."""

    def __init__(self, call: str, argument: str, value: object) -> None:
        super().__init__(
            f"{call}: {argument} is {value!r} ({type(value).__name__}), expected numbers, texts, booleans, None, "
            "paths, and lists or dictionaries (with texts as keys) of them"
        )


def register(method: Any, args: Sequence[object], kwargs: Mapping[str, object]) -> None:  # Any: a method of the user
    """Has a method called, in the process of the experiment, with plain data.

    Raises NoRunningTaskError, ForeignMethodError, UnregistrableError, OSError.
    """
    recorder = Env.instance().outputs
    if recorder is None:
        raise NoRunningTaskError
    identifier = getattr(getattr(method, "__self__", None), "__xpmidentifier__", None)
    if not isinstance(identifier, ConfigIdentifier):
        raise ForeignMethodError(method)
    given = {**{f"argument {rank}": value for rank, value in enumerate(args, start=1)}, **kwargs}
    for name, value in given.items():
        for wrong in _not_plain(value):
            raise UnregistrableError(f"register_task_output({method.__name__}, ...)", name, wrong)
    recorder.register(f"{identifier.all.hex()}/{method.__name__}", args, kwargs)


def _not_plain(value: object) -> list[object]:
    """What another process could not read back. A tuple becomes a list there."""
    if is_dictionary(value):
        keys: list[object] = [key for key in value if not isinstance(key, str) or key == PATH]
        return keys or [wrong for item in value.values() for wrong in _not_plain(item)]
    if is_sequence(value):
        return [wrong for item in value for wrong in _not_plain(item)]
    return [] if value is None or isinstance(value, str | int | float | PurePath) else [value]
