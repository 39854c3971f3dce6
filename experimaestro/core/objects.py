"""Kept for existing code: configurations, their state, and what stands for a task that is not loaded."""

from experimaestro.core.config import Config, LightweightTask, Task
from experimaestro.core.configured import ConfigMixin
from experimaestro.core.information import ConfigInformation
from experimaestro.core.loading import TaskStub

__all__ = ["Config", "ConfigInformation", "ConfigMixin", "LightweightTask", "Task", "TaskStub"]
