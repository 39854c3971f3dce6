"""Walks in the graph of configurations: each object once, without recursion."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from experimaestro.core.containers import is_collection, is_dictionary
from experimaestro.core.state import ConfigState, Configuration, configurations

Key = tuple[str, ...]
"""How a configuration is reached from the one that holds it: a parameter, then an index or a key for each container."""


class Place(NamedTuple):
    """A configuration, and how it is reached from the root."""

    state: ConfigState
    key: Key
    holder: Place | None

    def path(self) -> list[str]:
        """The names that lead from the root to this place."""
        keys: list[Key] = []
        place: Place | None = self
        while place is not None:
            keys.append(place.key)
            place = place.holder
        return [name for key in reversed(keys) for name in key]


def places(root: ConfigState) -> Iterator[Place]:
    """The unsealed configurations from a root, owners before what they hold, in the order of declaration.

    Sealed configurations are settled, and so is all that they hold: they are left out. What a configuration holds is
    looked at after it is yielded.
    """
    seen: set[int] = set()
    stack = [Place(root, (), None)]
    while stack:
        place = stack.pop()
        if place.state.sealed or id(place.state) in seen:
            continue
        seen.add(id(place.state))
        yield place
        stack.extend(reversed([Place(child, key, place) for key, child in held(place.state)]))


def held(state: ConfigState) -> Iterator[tuple[Key, ConfigState]]:
    """The configurations directly held, each with its key: parameters, then initialization tasks."""
    values = state.values
    for argument in state.xpmtype.holding:
        value = values.get(argument.name)
        if isinstance(value, Configuration):
            yield (argument.name,), value.__xpm__
        elif value is not None:
            yield from _inside((argument.name,), value)
    for index, task in enumerate(state.init_tasks):
        yield ("__init_tasks__", str(index)), task.__xpm__


def _inside(key: Key, value: object) -> Iterator[tuple[Key, ConfigState]]:
    if isinstance(value, Configuration):
        yield key, value.__xpm__
    elif is_collection(value):  # the items of a set are sealed: their place does not matter
        for index, item in enumerate(value):
            yield from _inside((*key, str(index)), item)
    elif is_dictionary(value):
        for name, item in value.items():
            yield from _inside((*key, str(name)), name)
            yield from _inside((*key, str(name)), item)


def _everywhere(_: ConfigState) -> bool:
    return True


def owned_first(root: ConfigState, into: Callable[[ConfigState], bool] = _everywhere) -> list[ConfigState]:
    """All configurations from a root, sealed or not, each after those that it holds (cycles are cut anywhere).

    :param into: what not to look into, when it says no.
    """
    ordered: list[ConfigState] = []
    seen = {id(root)}
    stack = [(root, _below(root))]
    while stack:
        state, below = stack[-1]
        child = next((child for child in below if id(child) not in seen), None)
        if child is None:
            ordered.append(state)
            stack.pop()
        else:
            seen.add(id(child))
            stack.append((child, _below(child) if into(child) else iter(())))
    return ordered


def _below(state: ConfigState) -> Iterator[ConfigState]:
    return (child for _, child in held(state))


def described(root: ConfigState) -> list[ConfigState]:
    """The configurations that make a task: itself and what it holds, without the tasks and outputs that it needs."""
    found = [root]
    seen = {id(root)}
    for state in found:
        for _, child in held(state):
            if child.task is None and id(child) not in seen:
                seen.add(id(child))
                found.append(child)
    return found


def needed_tasks(root: ConfigState) -> list[Configuration]:
    """The tasks whose jobs must end before that of the root can start, each once.

    A submitted task, or the output of one, is not searched further. What was loaded from a file needs nothing.
    What the root has marked as its own output is a part of it like any other. What a task produces while it runs needs
    nothing more than that.
    Preparations count as tasks.
    """
    needed: dict[int, Configuration] = {}
    seen: set[int] = set()
    stack = [root]
    while stack:
        state = stack.pop()
        if id(state) in seen:
            continue
        seen.add(id(state))
        if state is not root and state.task is not None and state.task is not root.pyobject:
            if not state.task.__xpm__.loaded and not state.is_early:
                needed[id(state.task)] = state.task
            continue
        if state is not root and state.xpmtype.is_preparation:
            needed[id(state.pyobject)] = state.pyobject
        stack.extend(_below(state))
        stack.extend(configurations(state.dependencies))
    return list(needed.values())
