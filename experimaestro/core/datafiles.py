"""Copies of data files and folders."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def copy_data(source: Path, destination: Path) -> bool:
    """Copies a file or a folder, which replaces the destination. Returns whether it is a folder."""
    destination.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        if destination.exists():
            shutil.rmtree(destination)
        shutil.copytree(source, destination, copy_function=_link_or_copy)
        return True
    destination.unlink(missing_ok=True)
    _link_or_copy(str(source), str(destination))
    return False


def _link_or_copy(source: str, destination: str) -> str:
    try:
        os.link(source, destination)
    except OSError:
        shutil.copy2(source, destination)
    return destination
