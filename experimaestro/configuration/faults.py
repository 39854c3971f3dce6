"""What cattrs and our hooks raise, to the mistakes that are told: each with its path, its words and its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from cattrs.errors import (
    AttributeValidationNote,
    BaseValidationError,
    ForbiddenExtraKeysError,
    IterableValidationNote,
    StructureHandlerNotFoundError,
)

from experimaestro.configuration.annotations import Annotation, expected, fields, origin
from experimaestro.configuration.errors import ConfigurationError, KeyNote, MismatchError, Problem, UnknownKeyError
from experimaestro.configuration.tree import ROOT, ConfigurationTree, KeyPath, Node, ScalarNode
from experimaestro.exceptions import HandledException

_SPEAKING: Final = (ValueError, TypeError, HandledException, StructureHandlerNotFoundError)
"""What is raised with a sentence; of all else the name is told too."""


class _Fault(NamedTuple):
    error: Exception
    path: KeyPath
    kind: Annotation = None
    """The expected type, if it is known."""
    is_of_key: bool = False
    """Whether the key is wrong rather than its value."""


def told(error: Exception, tree: ConfigurationTree, path: KeyPath = ROOT) -> ConfigurationError:
    """The error that tells all mistakes below another one; `path` is of the value that could not be structured."""
    faults = (fault._replace(path=(*path, *fault.path)) for fault in _distinct(error))
    return ConfigurationError(_problem(fault, tree) for fault in faults)


def nearest(errors: Iterable[Exception]) -> Exception | None:
    """The error of the type that took the value for one of its own and has the least to say against it."""
    inside = [error for error in errors if not isinstance(error, MismatchError)]
    return min(inside, key=lambda error: sum(_weight(fault.error) for fault in _distinct(error)), default=None)


def _weight(error: Exception) -> int:
    return 2 if _meant(error) is None else 1


def _distinct(error: Exception) -> list[_Fault]:
    """The single errors: a key that is missing because another was meant to be it is one mistake, not two."""
    faults = list(_faults(error))
    meant = {(*fault.path[:-1], _meant(fault.error)) for fault in faults}
    return [fault for fault in faults if not (isinstance(fault.error, KeyError) and fault.path in meant)]


def _meant(error: Exception) -> str | None:
    return error.nearest if isinstance(error, UnknownKeyError) else None


def _faults(error: Exception, fault: _Fault | None = None) -> Iterator[_Fault]:
    """The single errors below the groups that cattrs raises, with the path of the value each is about."""
    fault = fault or _Fault(error, ROOT)
    if isinstance(error, BaseValidationError):
        for inner in error.exceptions:
            yield from _faults(inner, _inner(inner, fault.path, error.cl))
    elif isinstance(error, ForbiddenExtraKeysError):
        for key in error.extra_fields:
            yield _Fault(UnknownKeyError(key, error.cl), (*fault.path, key), is_of_key=True)
    else:
        yield fault


def _inner(error: Exception, path: KeyPath, cls: Annotation) -> _Fault:
    """What the note of an error tells; without one it comes from a constructor, and concerns the whole value."""
    for note in getattr(error, "__notes__", ()):
        if isinstance(note, AttributeValidationNote):
            return _Fault(error, (*path, fields(origin(cls))[note.name]), note.type)
        if isinstance(note, IterableValidationNote):
            return _Fault(error, (*path, note.index), note.type, isinstance(note, KeyNote))
    return _Fault(error, path)


def _problem(fault: _Fault, tree: ConfigurationTree) -> Problem:
    node = tree.node(fault.path)
    if isinstance(fault.error, KeyError) and node is None:
        message = f"missing, expected {expected(fault.kind)}"
        return Problem(message, path=fault.path, position=tree.position(fault.path[:-1]))
    if fault.is_of_key:
        return Problem(_message(fault.error), path=fault.path, position=tree.key_position(fault.path))
    position = tree.position(fault.path) or tree.position(fault.path[:-1])  # of a default, there is no place
    return Problem(_message(fault.error, node), path=fault.path, position=position)


def _message(error: Exception, node: Node | None = None) -> str:
    """The words of an error; numbers as written, and only the words where validators of attrs say more."""
    if isinstance(error, MismatchError) and isinstance(node, ScalarNode) and isinstance(node.value, int | float):
        return error.message(node.text)
    words = str(error.args[0] if error.args else error)
    return words if isinstance(error, _SPEAKING) else f"{type(error).__name__}: {words}"
