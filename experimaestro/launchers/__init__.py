"""Launchers: how a job becomes a process."""

from experimaestro.launchers.base import Launcher
from experimaestro.launchers.direct import DirectLauncher
from experimaestro.launchers.dynamic import DynamicLauncher

__all__ = ["DirectLauncher", "DynamicLauncher", "Launcher"]
