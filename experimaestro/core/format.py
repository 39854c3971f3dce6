"""The words of the files that hold configurations, shared by those who write them and those who read them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NamedTuple

Json = Any  # Any: JSON values have no practical type
Definition = dict[str, Json]
"""One configuration."""

TYPE: Final = "type"
"""The key that tells a value from a dictionary of the user."""

PARAMETERS_VERSION: Final = 3
"""The newest version of `params.json` that is read, and the one written."""


class SerializedPath(NamedTuple):
    """Where the data of a parameter stand in a saved object."""

    path: Path
    """Relative to the directory of the object, or absolute for data that was not copied."""
    is_folder: bool


PathLoader = Callable[[SerializedPath], Path]
"""Gives the local path of saved data."""
