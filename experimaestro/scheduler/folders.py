"""Kept for existing code: `experimaestro.settings`."""

from experimaestro.settings import FolderMode, FolderSettings

__all__ = ["FolderMode", "FolderSettings"]
