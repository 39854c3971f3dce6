"""Kept for existing code: `experimaestro.scheduler.provenance`."""

from experimaestro.scheduler.provenance import get_git_info

__all__ = ["get_git_info"]
