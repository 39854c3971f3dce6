"""What mypy looks for: `plugin`."""

from __future__ import annotations

import re
import sys
from typing import Final

from mypy.plugin import Plugin

from experimaestro_mypy.plugin import ExperimaestroPlugin

OLDEST: Final = (1, 18)
NEWEST: Final = (2, 4)
"""The versions of mypy between which the plugin is tested."""

_WORKER: Final = "mypy.build_worker"


def plugin(version: str) -> type[Plugin]:
    """The plugin for a version of mypy: of versions that it is not tested with, standard error tells once."""
    found = tuple(int(part) for part in re.findall(r"\d+", version)[:2])
    text = warning(found)
    if text is not None and not any(name.startswith(_WORKER) for name in sys.modules):
        sys.stderr.write(f"experimaestro.mypy: {text}\n")
    return ExperimaestroPlugin if found >= OLDEST else Plugin


def warning(version: tuple[int, ...]) -> str | None:
    """What there is to say of a version of mypy."""
    oldest, newest, found = (".".join(map(str, one)) for one in (OLDEST, NEWEST, version))
    if version < OLDEST:
        return f"mypy {found} is older than {oldest}: plans are not checked; update mypy"
    if version > NEWEST:
        return f"mypy {found} is newer than those the plugin is tested with ({oldest} to {newest}): it goes on"
    return None
