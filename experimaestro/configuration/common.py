"""What is asked of the keys of all experiments, beyond their types: by the loader, and as JSON Schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from experimaestro.configuration.annotations import found
from experimaestro.configuration.base import ConfigurationBase
from experimaestro.configuration.errors import ConfigurationError, Problem
from experimaestro.configuration.tree import ConfigurationTree

LONGEST_IDENTIFIER: Final = 200
"""In bytes: the names of files have 255 on the usual file systems, and the date is added to some identifiers."""

_CHARACTERS: Final = r"/\x00-\x1f\x7f-\x9f"
_REFERENCE: Final = r"\$\{[^{}]*\}"
_IDENTIFIER: Final = (
    rf"^(?:{_REFERENCE}|[^.{_CHARACTERS}])(?:{_REFERENCE}|[^{_CHARACTERS}]){{0,{LONGEST_IDENTIFIER - 1}}}$"
)
_NO_MORE: Final[Mapping[str, object]] = {}
_NAME: Final[Mapping[str, object]] = {"minLength": 1}

KEYS: Final[Mapping[str, Mapping[str, object]]] = {
    "id": {"pattern": _IDENTIFIER},
    "file": _NAME,
    "module": _NAME,
    "pre_experiment": _NAME,
    "parent": {**_NAME, "type": "string"},
    "imports": {"type": ["array", "null"], "items": {"type": "string", **_NAME}},
    "pythonpath": {"items": {"type": "string", **_NAME}},
}
"""By key, what a value must be too: an identifier names a directory, imports are read before ``${...}`` is."""

EXCLUSIVE: Final = (
    {"not": {"required": ["imports", "parent"]}},
    {"not": {"required": ["file", "module"], "properties": {"file": {"type": "string"}, "module": {"type": "string"}}}},
)
"""Keys that exclude each other."""


def is_of_experiments(cls: type) -> bool:
    """Whether the files of a class describe experiments, which have these keys."""
    return issubclass(cls, ConfigurationBase)


def asked_of(key: str, cls: type) -> Mapping[str, object]:
    """What a value must be too, at a key of the files of a class."""
    return KEYS.get(key, _NO_MORE) if is_of_experiments(cls) else _NO_MORE


def check_identifier(identifier: str, tree: ConfigurationTree) -> None:
    """Raises ConfigurationError when the identifier of an experiment cannot name a directory."""
    message = wrong_identifier(identifier)
    if message is not None:
        raise ConfigurationError([Problem(message, path=("id",), position=tree.position(("id",)))])


def wrong_identifier(identifier: str) -> str | None:
    """Why an identifier cannot name a directory, if it cannot."""
    is_name = identifier.isprintable() and "/" not in identifier and not identifier.startswith(".")
    if is_name and 0 < len(identifier.encode()) <= LONGEST_IDENTIFIER:
        return None
    return (
        f"found {found(identifier)}, expected the name of a directory: 1 to {LONGEST_IDENTIFIER} characters, "
        "no '/', no '.' at the beginning"
    )
