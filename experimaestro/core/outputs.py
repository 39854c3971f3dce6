"""What a task gives to those who submit it, and what marks it as such."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import PurePath
from typing import Any, Final
from weakref import WeakSet

from experimaestro.core.containers import is_collection, is_dictionary
from experimaestro.core.graph import held
from experimaestro.core.state import ConfigState, Configuration, ObjectType, configurations
from experimaestro.core.values import describe
from experimaestro.exceptions import ExperimaestroError

LOGGER: Final = logging.getLogger("xpm")


class SubmissionError(ExperimaestroError, ValueError):
    """A task cannot be submitted."""


class Marker:
    """Given to `task_outputs` as `dep`: says that a configuration is produced by the task."""

    def __init__(self, task: Configuration, *, is_early: bool = False) -> None:
        """`is_early`: the configuration can be used before the task ends."""
        self._task = task
        self._is_early = is_early

    def __call__(self, config: Any) -> Any:  # Any: typed by DependentMarker, whose implementation this is
        """Marks a configuration, and returns it: whoever uses it depends on the task.

        Raises SubmissionError.
        """
        if config is self._task and not self._is_early:
            return config
        if not isinstance(config, Configuration):
            raise SubmissionError(f"dep() marks configurations, found {describe(config)}{_advice(config)}")
        state = config.__xpm__
        if state.xpmtype.is_task:
            raise SubmissionError(f"dep() marks the configurations that a task produces, found {describe(config)}")
        if state.task not in (None, self._task):
            raise SubmissionError(f"{describe(config)} is the output of another task already")
        if state.task is None:
            state.task, state.identity, state.shared_tags = self._task, None, None
            state.is_early = self._is_early
        state.is_early = state.is_early and self._is_early
        return config


def _advice(found: object) -> str:
    """How to mark what a structure holds."""
    if not any(True for _ in configurations(found)):
        return ""
    if is_dictionary(found):
        return ": mark each of them, {key: dep(config) for key, config in ...}"
    return ": mark each of them, [dep(config) for config in ...]"


def output_of(task: Configuration, add_action: Callable[[Configuration], str]) -> Any:  # Any: what the user returns
    """What a submitted task gives: what `task_outputs` returns, or itself.

    Raises SubmissionError when a configuration of files of the task is not marked.
    """
    marker = Marker(task)
    value_type = task.__xpm__.xpmtype.value_type
    submitted = getattr(value_type, "__submit__", None)
    outputs = getattr(value_type, "task_outputs", None)
    if submitted is not None:
        output = submitted(task, marker, add_action)
    elif outputs is not None:
        output = outputs(task, marker)
    else:
        return task
    _check_marked(task.__xpm__, output)
    return output


def _check_marked(task: ConfigState, output: object) -> None:
    """Those who use a configuration that is not marked do not wait for the task.

    What was sealed with the task is one of its parameters, which may be given back as it is.
    """
    for root in configurations(output):
        new = list(_unmarked(root))
        for state in new:
            path = next((path for value in state.values.values() for path in _paths(value) if _is_of(task, path)), None)
            if path is not None:
                raise SubmissionError(
                    f"{task.xpmtype.name()}.task_outputs returns a {state.xpmtype.name()} (built at {state.where()}) "
                    f"that holds a file of the task, {path.name!r}, and is not marked: those who use it would not wait "
                    f"for the task; write dep({state.xpmtype.originaltype.__qualname__}.C(...))"
                )
        if new and not any(child.task is not None for state in new for _, child in held(state)):
            _warn_of_unmarked(task.xpmtype, root)


def _unmarked(root: ConfigState) -> Iterator[ConfigState]:
    """What `task_outputs` built and did not mark, here and below."""
    seen: set[int] = set()
    stack = [root]
    while stack:
        state = stack.pop()
        if state.task is None and not state.sealed and id(state) not in seen:
            seen.add(id(state))
            yield state
            stack.extend(child for _, child in held(state))


def _paths(value: object) -> Iterator[PurePath]:
    if isinstance(value, PurePath):
        yield value
    elif is_collection(value):
        for item in value:
            yield from _paths(item)
    elif is_dictionary(value):
        for item in value.values():
            yield from _paths(item)


def _is_of(task: ConfigState, path: PurePath) -> bool:
    """Whether the task makes what is at a path: in its directory, or at a path that it shares."""
    generated = [task.values.get(argument.name) for argument in task.xpmtype.generated]
    places = [task.job.path if task.job is not None else None, *generated]
    return any(isinstance(place, PurePath) and path.is_relative_to(place) for place in places)


_WARNED: Final[WeakSet[ObjectType]] = WeakSet()


def _warn_of_unmarked(task: ObjectType, output: ConfigState) -> None:
    if task not in _WARNED:
        _WARNED.add(task)
        LOGGER.warning(
            "%s.task_outputs returns a %s (built at %s) that is not marked: those who use it do not wait for the task; "
            "write dep(...) around it",
            task.name(),
            output.xpmtype.name(),
            output.where(),
        )
