"""Kept for existing code: configurations, and their copies."""

from experimaestro.core.config import Config, LightweightTask, ResumableTask, Task
from experimaestro.core.configured import ConfigMixin
from experimaestro.core.copies import clone
from experimaestro.core.information import ConfigInformation

__all__ = ["Config", "ConfigInformation", "ConfigMixin", "LightweightTask", "ResumableTask", "Task", "clone"]
