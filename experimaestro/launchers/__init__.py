"""Launchers: how a job becomes a process."""

from experimaestro.launchers.base import Launcher
from experimaestro.launchers.direct import DirectLauncher

__all__ = ["DirectLauncher", "Launcher"]
