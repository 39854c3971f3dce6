"""Types of options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click


class PathOption(click.Path):
    """A path. An empty text is refused: a variable of the shell that is not set would mean the current directory."""

    def __init__(self, *, exists: bool = False, file_okay: bool = True) -> None:
        super().__init__(exists=exists, file_okay=file_okay, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Any: what click hands over and wants back, for options that may be repeated or not."""
        if value == "":
            self.fail("found an empty text, expected a path", param, ctx)
        return super().convert(value, param, ctx)
