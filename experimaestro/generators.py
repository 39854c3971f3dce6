"""Kept for existing code: `experimaestro.core.generators`."""

from experimaestro.core.generators import Generator, PathGenerator

__all__ = ["Generator", "PathGenerator"]
