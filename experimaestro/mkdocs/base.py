"""Kept for existing code."""

from __future__ import annotations

__all__ = ["Documentation"]


class Documentation:
    """The mkdocs plugin of release 2, for code that names its class: `experimaestro.sphinx` replaces it."""
