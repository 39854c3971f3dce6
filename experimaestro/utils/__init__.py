"""Kept for existing code: small services that have no other home."""

from __future__ import annotations

import shutil
from pathlib import Path

__all__ = ["cleanupdir"]


def cleanupdir(path: Path | str) -> None:
    """Makes a directory empty; creates it when it is missing. Links are removed, not followed.

    Raises OSError.
    """
    directory = Path(path)
    directory.mkdir(parents=True, exist_ok=True)
    for entry in directory.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
