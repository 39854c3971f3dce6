"""The version of the plugin, for mypy: when it changes, what was cached counts no more.

It is that of the code of the plugin. In the daemon, which never reads YAML files again, it is also that of the YAML
files below the current directory, and of the identifiers that classes name there: a change restarts the daemon.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from experimaestro_mypy.files import search
from experimaestro_mypy.identifiers import Identifiers

_DAEMON: Final = "mypy.dmypy_server"

_SOURCES: Final = ("experimaestro_mypy", "experimaestro/configuration", "experimaestro/launcherfinder")


def module_attribute(name: str) -> str:
    """The ``__getattr__`` of the module that mypy loads: it asks for ``__version__`` each time it compares plugins."""
    if name != "__version__":
        raise AttributeError(f"the plugin has no attribute {name!r}")
    return version()


def version() -> str:
    """A digest of all that findings depend on, and that mypy does not follow."""
    root = Path(__file__).parents[1]
    files = [file for source in _SOURCES for file in _modules(f"{root}/{source}")]
    if _DAEMON not in sys.modules:
        return digest(files)
    here = Path.cwd()
    return f"{digest([*files, *search.below(here)])} {Identifiers().digest_below(str(here))}"


def _modules(folder: str) -> list[str]:
    """The modules below a directory; `Path.rglob` takes three times as long, at each start of mypy."""
    found = [f"{inner}/{name}" for inner, _, files in os.walk(folder) for name in files if name.endswith(".py")]
    return sorted(found)


def digest(files: Iterable[str | Path]) -> str:
    """A digest of the names and contents of files; those that cannot be read have none."""
    total = hashlib.sha1(usedforsecurity=False)
    for file in files:
        total.update(f"{file}\0".encode())
        try:
            content = Path(file).read_bytes()
            total.update(f"{len(content)}\0".encode())
            total.update(content)
        except OSError:
            total.update(b"none")
    return total.hexdigest()
