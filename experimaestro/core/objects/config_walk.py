"""Kept for existing code: `experimaestro.core.context`."""

from experimaestro.core.context import ConfigWalkContext

__all__ = ["ConfigWalkContext"]
