"""Kept for existing code: fields of marshmallow schemas."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

try:
    import marshmallow
except ImportError as error:
    raise ImportError("PathField needs marshmallow: pip install marshmallow") from error


class PathField(marshmallow.fields.Field[Path]):
    """A path, written as a text."""

    def _serialize(self, value: Path | None, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        """Any: what marshmallow gives."""
        return None if value is None else str(value)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Path:
        """Any: what marshmallow gives."""
        if not isinstance(value, str):
            raise marshmallow.ValidationError(f"found {value!r}, expected a path")
        return Path(value)
