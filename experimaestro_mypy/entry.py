"""What mypy looks for: `plugin`."""

from __future__ import annotations

from mypy.plugin import Plugin

from experimaestro_mypy.plugin import ExperimaestroPlugin


def plugin(version: str) -> type[Plugin]:
    """The plugin for a version of mypy."""
    return ExperimaestroPlugin
