"""Kept for existing code: `experimaestro.results`."""

from experimaestro.results import WorkspaceStateProvider

__all__ = ["WorkspaceStateProvider"]
