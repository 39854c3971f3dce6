"""Initialization tasks that restore the state of a configuration."""

from __future__ import annotations

from typing import ClassVar

from experimaestro.core.annotations import DataPath, Param
from experimaestro.core.config import Config, LightweightTask


class SerializationLWTask(LightweightTask):
    """Restores the state of `value`; derive from it, and define `execute`."""

    __xpmid__: ClassVar[str] = "experimaestro.core.serializers.serializationlwtask"

    value: Param[Config]


class PathSerializationLWTask(SerializationLWTask):
    """Restores the state of `value` from the data at `path`; derive from it, and define `execute`."""

    __xpmid__: ClassVar[str] = "experimaestro.core.serializers.pathserializationlwtask"

    path: DataPath
