"""Kept for existing code: settings in a JSON file, which a marshmallow schema describes."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, Self, cast

from experimaestro._files import write_json

if TYPE_CHECKING:
    from experimaestro.utils.fields import PathField

__all__ = ["JsonSettings", "PathField"]


class Schema(Protocol):
    """What is asked of a schema: the one of marshmallow, or another."""

    def load(self, data: Any) -> Any:  # Any: JSON; settings, or their values
        """Reads plain data."""
        ...

    def dump(self, obj: Any) -> Any:  # Any: settings; JSON
        """Writes plain data."""
        ...


class JsonSettings:
    """Settings kept in a JSON file. Derive from it, and give `SCHEMA`.

    What the schema loads is either the settings, or a dictionary of their values.
    """

    SCHEMA: ClassVar[Any]  # Any: a Schema, or a class of them
    path: Path
    """The file."""

    @classmethod
    def load(cls, path: Path) -> Self:
        """Reads settings from a file; they have their defaults when it does not exist.

        Raises OSError, and what the schema raises.
        """
        data: object = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        loaded: object = cls._schema().load(data)
        settings = loaded if isinstance(loaded, cls) else cls._made_of(cast("dict[str, object]", loaded))
        settings.path = path
        return settings

    def save(self) -> None:
        """Writes the settings to their file.

        Raises OSError.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        write_json(self.path, self._schema().dump(self))

    @classmethod
    def _made_of(cls, values: dict[str, object]) -> Self:
        settings = cls()
        for name, value in values.items():
            setattr(settings, name, value)
        return settings

    @classmethod
    def _schema(cls) -> Schema:
        given: object = cls.SCHEMA
        return cast("Schema", given() if isinstance(given, type) else given)  # as its documentation says


def __getattr__(name: str) -> object:
    if name == "PathField":  # late: it needs marshmallow, which those who use it have
        return import_module("experimaestro.utils.fields").PathField
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
