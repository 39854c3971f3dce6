"""Kept for existing code: configurations, their state, and what stands for a task that is not loaded."""

from experimaestro.core.config import Config, InstanceConfig, LightweightTask, Prepare, ResumableTask, Task
from experimaestro.core.configured import ConfigMixin
from experimaestro.core.context import ConfigWalkContext
from experimaestro.core.copies import copyconfig, sealed_set, setmeta
from experimaestro.core.information import ConfigInformation
from experimaestro.core.instance import ObjectStore
from experimaestro.core.loading import TaskStub

__all__ = [
    "Config",
    "ConfigInformation",
    "ConfigMixin",
    "ConfigWalkContext",
    "InstanceConfig",
    "LightweightTask",
    "ObjectStore",
    "Prepare",
    "ResumableTask",
    "Task",
    "TaskStub",
    "copyconfig",
    "sealed_set",
    "setmeta",
]
