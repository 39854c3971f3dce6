"""Copies of configurations, and small changes to them."""

from __future__ import annotations

import logging
from typing import Any, Final, TypeVar, cast

from experimaestro.core.assignment import (
    UnknownParameterError,
    assign_unchecked,
    duplicate_configuration,
    given_values,
)
from experimaestro.core.containers import rebuilt
from experimaestro.core.sealing import seal, validate
from experimaestro.core.state import ConfigState, Configuration, Declared
from experimaestro.core.values import describe

LOGGER: Final = logging.getLogger("xpm")

C = TypeVar("C", bound=Configuration)
T = TypeVar("T")


class NotAConfigurationError(TypeError):
    """A function of configurations was given something else."""

    def __init__(self, value: object) -> None:
        advice = f": write {type(value).__qualname__}.C(...)" if isinstance(value, Declared) else ""
        super().__init__(f"found {describe(value)}, expected a configuration{advice}")


def state_of(config: object) -> ConfigState:
    """The state of a configuration.

    Raises NotAConfigurationError.
    """
    if not isinstance(config, Configuration):
        raise NotAConfigurationError(config)
    return config.__xpm__


def copyconfig(config: C, **changes: Any) -> C:  # Any: each value is checked against its parameter
    """Returns an unsealed copy of a configuration that shares what it holds, with some parameters changed.

    Values that were given stay, also those of parameters with a computed default; tags and the meta flag do not.
    The copy of the output of a task needs the task, but it is not its output: the identifier does not tell of it.

    Raises UnknownParameterError, InvalidParameterError.
    """
    state = state_of(config)
    copied = _shallow_copy(state)
    for name, value in changes.items():
        argument = state.xpmtype.arguments.get(name)
        if argument is None:
            raise UnknownParameterError(state.xpmtype, name, state.where())
        if argument.constant:
            LOGGER.warning("copyconfig changes %r, which is a constant of %s", name, state.xpmtype.name())
        assign_unchecked(copied.__xpm__, argument, value, None)
    return cast("C", copied)  # of the same class


def _shallow_copy(state: ConfigState) -> Configuration:
    copied = state.xpmtype.config_type.__xpmnew__()
    target = copied.__xpm__
    target.location = state.location
    for name, value, origin in given_values(state):
        target.values[name] = rebuilt(value, lambda item: item)
        target.origins[name] = origin
    target.dependencies = [*state.dependencies, *([state.task] if state.produced and not state.is_early else [])]
    return copied


def clone(config: C) -> C:
    """Returns a deep, unsealed copy of a configuration."""
    return cast("C", duplicate_configuration(state_of(config).pyobject))  # of the same class


def setmeta(config: C, flag: bool | None) -> C:
    """Leaves a configuration out of the identifiers of those that hold it (True), or keeps it in (False).

    Raises AssertionError when the configuration is sealed.
    """
    state = state_of(config)
    if state.sealed:
        raise AssertionError(f"{state.xpmtype.name()} (built at {state.where()}) is sealed: its meta flag is settled")
    state.meta = flag
    return config


def sealed_set(*items: T) -> set[T]:
    """Returns a set of configurations, sealed: only sealed configurations can be in a set."""
    for item in items:
        if isinstance(item, Configuration):
            validate(item.__xpm__)
            seal(item.__xpm__)
    return set(items)
