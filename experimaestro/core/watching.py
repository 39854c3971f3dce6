"""What is asked of a task, submitted or not: to be told of its outputs while it runs, and of its success."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Final

from experimaestro.core.followers import Followers
from experimaestro.core.graph import owned_first
from experimaestro.core.identifier import identify
from experimaestro.core.state import ConfigState, Configuration
from experimaestro.core.values import describe
from experimaestro.exceptions import ExperimaestroError
from experimaestro.ports import JobHandle

if TYPE_CHECKING:
    from inspect import Signature


class NotFollowedError(ExperimaestroError, TypeError):
    """A task is asked to tell of something, and cannot."""


class NotResumableError(ExperimaestroError, TypeError):
    """The outputs of a task that is not resumable are watched."""

    def __init__(self, state: ConfigState) -> None:
        name = state.xpmtype.originaltype.__qualname__
        super().__init__(
            f"{state.xpmtype.name()} (built at {state.where()}) is no ResumableTask: its outputs cannot be watched "
            f"while it runs; write class {name}(ResumableTask)"
        )


class WatchedMethodError(ExperimaestroError, TypeError):
    """Outputs are watched with something that cannot describe them."""


class UnknownOwnerError(ExperimaestroError, ValueError):
    """The watched method is that of a configuration which the task does not have."""

    def __init__(self, task: ConfigState, owner: ConfigState, method: str, held: list[ConfigState]) -> None:
        known = ", ".join(dict.fromkeys(state.xpmtype.originaltype.__qualname__ for state in held))
        super().__init__(
            f"watch_output({owner.xpmtype.originaltype.__qualname__}.{method}): this {owner.xpmtype.name()} (built at "
            f"{owner.where()}) is not among the parameters of the {task.xpmtype.name()} built at {task.where()}: "
            f"the task would not register its outputs; it can be a method of: {known}"
        )


def follow_outputs(task: object, method: object, callback: object) -> None:
    """Has a method called for each output that the task registers with it, and the callback with each result.

    Raises NotFollowedError, NotResumableError, WatchedMethodError, UnknownOwnerError.
    """
    state = _followed(task, "watch_output")
    if not state.xpmtype.is_resumable:
        raise NotResumableError(state)
    owner = method_owner(method)
    if not callable(method) or not callable(callback):
        raise WatchedMethodError(f"watch_output: found {describe(callback)} as callback, expected a function")
    if state.job is None:
        _followers(state).outputs.append((method, callback))
    else:
        _check_held(state, owner, method)
        state.job.watch_output(method, callback)


def follow_completion(task: object, callback: object) -> None:
    """Has a function called, once, when the task succeeds.

    Raises NotFollowedError.
    """
    state = _followed(task, "on_completed")
    if not callable(callback):
        raise NotFollowedError(f"on_completed: found {describe(callback)}, expected a function without parameters")
    if state.job is None:
        _followers(state).completion.append(callback)
    else:
        state.job.on_completed(callback)


def check_followed(state: ConfigState) -> None:
    """Makes sure that what is watched can happen, before the task is submitted.

    Raises UnknownOwnerError.
    """
    for method, _ in state.followers.outputs if state.followers else ():
        _check_held(state, method_owner(method), method)


def hand_over(state: ConfigState, job: JobHandle) -> None:
    """Lets the job of a task tell those who follow it."""
    followers, state.followers = state.followers, None
    if followers is None:
        return
    for method, callback in followers.outputs:
        job.watch_output(method, callback)
    for function in followers.completion:
        job.on_completed(function)


def output_keys(owner: Configuration, method: str) -> set[str]:
    """How the lines of a job can name a method.

    A task can mark one of its parameters as its output, which changes the identifier of that parameter: its job is
    described before or after.
    """
    state = owner.__xpm__
    digests = {identify(state)}
    if state.produced:
        unmarked = copy.copy(state)
        unmarked.task = unmarked.identity = None
        digests.add(identify(unmarked))
    return {f"{digest.hex()}/{method}" for digest in digests}


def method_owner(method: object) -> Configuration:
    """The configuration that a method belongs to.

    Raises WatchedMethodError.
    """
    owner: object = getattr(method, "__self__", None)
    if not isinstance(owner, Configuration) or not callable(method):
        raise WatchedMethodError(
            f"watch_output: found {describe(method)}, expected a method of the task or of one of its parameters, such "
            "as task.method"
        )
    from inspect import signature as signature_of  # late: few tasks are watched

    signature = signature_of(method)
    if not _takes_marker(signature):
        name = f"{owner.__xpm__.xpmtype.originaltype.__qualname__}.{getattr(method, '__name__', '?')}"
        raise WatchedMethodError(
            f"watch_output: {name}{signature} does not take `dep` first: write def "
            f"{name.rpartition('.')[2]}(self, dep: DependentMarker, ...), and return dep(the configuration)"
        )
    return owner


def _takes_marker(signature: Signature) -> bool:
    """Whether the first argument can be the marker: it is annotated or named so."""
    first = next(iter(signature.parameters.values()), None)
    if first is None or first.kind in (first.KEYWORD_ONLY, first.VAR_KEYWORD):
        return False
    if first.kind is first.VAR_POSITIONAL or first.name == "dep":
        return True
    return first.name in _MARKERS if first.annotation is first.empty else "DependentMarker" in str(first.annotation)


_MARKERS: Final = ("dependent", "depends", "mark", "marker")


def _followed(task: object, what: str) -> ConfigState:
    if not isinstance(task, Configuration):
        raise NotFollowedError(f"{what}: found an instance, expected the configuration that was submitted, or will be")
    if task.__xpm__.loaded:
        raise NotFollowedError(
            f"{what}: {describe(task)} was loaded from a file: it is not run here; build it again, and submit it"
        )
    return task.__xpm__


def _followers(state: ConfigState) -> Followers:
    state.followers = state.followers or Followers()
    return state.followers


def _check_held(task: ConfigState, owner: Configuration, method: object) -> None:
    held = owned_first(task, into=lambda state: state is task or state.task is None or state.task is task.pyobject)
    state = owner.__xpm__
    if not any(state is each for each in held) and identify(state) not in map(identify, held):
        raise UnknownOwnerError(task, state, getattr(method, "__name__", "?"), held)
