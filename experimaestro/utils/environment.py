"""Kept for existing code: `experimaestro.scheduler.provenance`."""

from experimaestro.scheduler.provenance import get_environment_info, get_git_info

__all__ = ["get_environment_info", "get_git_info"]
