"""Kept for existing code: `experimaestro.core.config`, `experimaestro.core.information`, `experimaestro.core.loading`."""

from experimaestro.core.config import Config, ConfigMixin, LightweightTask, Task
from experimaestro.core.information import ConfigInformation
from experimaestro.core.loading import TaskStub

__all__ = ["Config", "ConfigInformation", "ConfigMixin", "LightweightTask", "Task", "TaskStub"]
