"""Reading configurations back as configurations."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from experimaestro._types import JobId, JobState, TaskId
from experimaestro.core.environment import Env
from experimaestro.core.format import Definition, PathLoader
from experimaestro.core.frozen import frozen
from experimaestro.core.loading import Definitions, Instances, declaration_of, objecttype_of
from experimaestro.core.state import Configuration, ValueOrigin
from experimaestro.core.submission import SimulatedJob

LOGGER: Final = logging.getLogger("xpm")


def read_definitions(
    definitions: Sequence[Definition],
    *,
    as_instance: bool,
    loader: PathLoader | None = None,
    partial_loading: bool | None = None,
    roots: Sequence[int] | None = None,
    discard_id: bool = False,
) -> Definitions:
    """Reads definitions as configurations or as instances; these name the tasks known only as the origin of something.

    :param discard_id: computes the identifiers of configurations, rather than taking those of the file.
    :raises LoadingError: when a class cannot be found.
    """
    kind = Instances if as_instance else Unidentified if discard_id else Configurations
    partial = as_instance if partial_loading is None else partial_loading
    return kind(definitions, loader=loader, partial_loading=partial, roots=roots)


class Configurations(Definitions):
    """Definitions, read as configurations: sealed, with the identifiers of the file."""

    def _new(self, definition: Definition) -> Any:  # Any: a configuration
        declared = definition.get("declaration")  # a class with a value class: that one is not imported
        kind = declaration_of(declared).__getxpmtype__() if declared else objecttype_of(declaration_of(definition))
        config = kind.config_type.__xpmnew__()
        if config.__xpm__.xpmtype.is_task:
            config.__xpm__.task = config
            config.__xpm__.job = _loaded_job(config, definition)
        return config

    def _fill(self, target: Any, definition: Definition) -> None:  # Any: a configuration
        state = target.__xpm__
        arguments = state.xpmtype.arguments
        for name, data in definition["fields"].items():
            argument = arguments.get(name)
            if argument is None:
                LOGGER.warning(
                    "%s has no parameter %r any more: its saved value is left out", state.xpmtype.name(), name
                )
                continue
            value = self.value(data)
            state.values[name] = frozen(argument.type.restore(value)) if value is not None else None
            state.origins[name] = ValueOrigin.DESERIALIZED
        state.meta = definition.get("meta")
        state.init_tasks = self.init_tasks(definition["id"])
        origin = self._objects.get(definition.get("task", -1))
        if isinstance(origin, Configuration):
            state.task = origin
        state.identity = bytes.fromhex(definition["identifier"])
        state.loaded = state.sealed = state.validated = True


class Unidentified(Configurations):
    """The same, with identifiers that are computed when they are asked for."""

    def _fill(self, target: Any, definition: Definition) -> None:  # Any: a configuration
        super()._fill(target, definition)
        target.__xpm__.identity = None


def _loaded_job(config: Configuration, definition: Definition) -> SimulatedJob:
    task_id, job_id = TaskId(config.__xpm__.xpmtype.identifier.name), JobId(definition["identifier"])
    workspace = Env.instance().wspath
    path = Path("jobs", task_id, job_id) if workspace is None else workspace / "jobs" / task_id / job_id
    return SimulatedJob(job_id, task_id, path, JobState.DONE)
