"""Instances: the objects that tasks run with, made from configurations."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from experimaestro.core.containers import rebuilt
from experimaestro.core.context import ConfigWalkContext
from experimaestro.core.graph import owned_first
from experimaestro.core.sealing import seal, validate
from experimaestro.core.state import ConfigState, Configuration
from experimaestro.core.values import describe
from experimaestro.exceptions import ExperimaestroError


class ContextError(ExperimaestroError, TypeError):
    """Generated paths are given something else than a context."""

    def __init__(self, found: object) -> None:
        meant = "DirectoryContext(path)" if isinstance(found, str | PurePath) else "a context such as DirectoryContext"
        named = "; the store is objects=..." if isinstance(found, ObjectStore) else ""
        super().__init__(f".instance(...): found {describe(found)}, expected {meant}{named}")


def _check_context(found: object) -> None:
    if not isinstance(found, ConfigWalkContext | None):
        raise ContextError(found)


class ObjectStore:
    """Shares instances between several calls of `.instance(objects=store)`."""

    def __init__(self) -> None:
        self._instances: dict[int, object] = {}
        self._configurations: list[ConfigState] = []

    def find(self, state: ConfigState) -> Any:  # Any: the instance of the class of the user
        """The instance of a configuration; None if it was not made."""
        return self._instances.get(id(state))

    def instance_of(self, value: Any) -> Any:  # Any: the values of users
        """The instance of a configuration; what is no configuration stays as it is."""
        return self.find(value.__xpm__) if isinstance(value, Configuration) else value

    def add(self, state: ConfigState, instance: object) -> None:
        """Remembers the instance of a configuration."""
        self._instances[id(state)] = instance
        self._configurations.append(state)


def make_instance(
    config: Configuration, context: ConfigWalkContext | None, store: ObjectStore | None, *, keep: bool
) -> Any:  # Any: the instance of the class of the user
    """Validates and seals a configuration, then makes its instance and those of all that it holds.

    Inner objects come first: when `__post_init__` of an object runs, what it holds is complete (but in a cycle).
    """
    root = config.__xpm__
    _check_context(context)
    validate(root)
    seal(root, context)
    store = store if store is not None else ObjectStore()
    fresh = [state for state in owned_first(root) if store.find(state) is None]
    for state in fresh:
        store.add(state, state.xpmtype.value_type())
    for state in fresh:
        instance = store.find(state)
        for argument, value in state.arguments():
            setattr(instance, argument.name, rebuilt(value, store.instance_of))
        if keep:
            object.__setattr__(instance, "__config__", state.pyobject)
        instance.__post_init__()
    return store.find(root)
