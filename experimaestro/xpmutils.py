"""Kept for existing code: `experimaestro.core.context`."""

from experimaestro.core.context import DirectoryContext, EmptyContext

__all__ = ["DirectoryContext", "EmptyContext"]
