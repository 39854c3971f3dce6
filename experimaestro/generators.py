"""Kept for existing code: `experimaestro.core.generators`."""

from experimaestro.core.generators import STDERR, STDOUT, PathGenerator
from experimaestro.core.state import Generator

__all__ = ["STDERR", "STDOUT", "Generator", "PathGenerator"]
