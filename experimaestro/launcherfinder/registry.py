"""Kept for existing code: `experimaestro.launcherfinder`."""

from experimaestro.launcherfinder.directory import LauncherNotFoundError, LauncherRegistry
from experimaestro.launcherfinder.finding import find_launcher

__all__ = ["LauncherNotFoundError", "LauncherRegistry", "find_launcher"]
