"""Validation, then sealing: from a configuration that can be edited to one that has an identifier for good."""

from __future__ import annotations

from collections.abc import Sequence

from experimaestro.core.context import ConfigWalkContext, EmptyContext
from experimaestro.core.graph import Place, held, places
from experimaestro.core.identifier import MissingValueError
from experimaestro.core.objecttype import Argument
from experimaestro.core.state import ConfigState, Configuration, ValueOrigin
from experimaestro.core.values import InvalidValueError
from experimaestro.exceptions import ExperimaestroError


class InvalidConfigurationError(ExperimaestroError, ValueError):
    """Several configurations lack values."""

    def __init__(self, errors: Sequence[Exception]) -> None:
        super().__init__("\n".join(str(error) for error in errors))
        self.errors = tuple(errors)


def validate(root: ConfigState) -> None:
    """Checks that all required parameters are set, here and below, then calls `__validate__` of each, inner ones first.

    Raises MissingValueError, InvalidConfigurationError (several missing ones), or what `__validate__` raises.
    """
    pending = [place.state for place in places(root) if not place.state.validated]
    errors = [MissingValueError(state, names) for state in pending if (names := missing(state))]
    if len(errors) > 1:
        raise InvalidConfigurationError(errors)
    if errors:
        raise errors[0]
    for state in reversed(pending):
        state.pyobject.__validate__()  # type: ignore[attr-defined]  # every configuration derives from Config
        state.validated = True


def missing(state: ConfigState) -> list[str]:
    """The required parameters without value."""
    values = state.values
    return [
        name
        for name, argument in state.xpmtype.arguments.items()
        if argument.required and argument.generator is None and values.get(name) is None
    ]


def seal(root: ConfigState, context: ConfigWalkContext | None = None) -> None:
    """Makes a configuration read-only, with all that it holds, then computes the generated values."""
    context = context or EmptyContext()
    for place in places(root):
        _call_factories(place.state)
    sealed = places(root)
    for place in sealed:
        place.state.sealed = True
        place.state.identity = None
    for place in sealed:
        _generate(place, context)
    for place in reversed(sealed):
        place.state.generated = place.state.generated or any(_leaks(child) for _, child in held(place.state))


def _call_factories(state: ConfigState) -> None:
    for name, argument in state.xpmtype.arguments.items():
        if argument.factory is not None and state.values.get(name) is None:
            state.values[name] = argument.type.convert(argument.factory())
            state.origins[name] = ValueOrigin.DEFAULT


def _generate(place: Place, context: ConfigWalkContext) -> None:
    state = place.state
    for name, argument in state.xpmtype.arguments.items():
        if argument.generator is not None and not _is_given(state, name):
            with context.at(place.path()):
                state.values[name] = argument.type.convert(argument.generator(context, state.pyobject))
            state.origins[name] = ValueOrigin.GENERATED
            state.generated = True


def _is_given(state: ConfigState, name: str) -> bool:
    return state.values.get(name) is not None and state.origins.get(name) is not ValueOrigin.GENERATED


def _leaks(state: ConfigState) -> bool:
    """Whether a configuration brings generated values of its place to the one that holds it."""
    return state.generated and state.task is None


class GeneratedValuesError(ExperimaestroError, AttributeError):
    """A configuration whose generated paths belong to one task is given to another one."""

    def __init__(self, name: str, value: ConfigState) -> None:
        super().__init__(
            f"cannot set {name!r}: {value.xpmtype.name()} (built at {value.where()}) holds generated paths of another "
            "object; give its copy (copyconfig), or declare the parameter with field(ignore_generated=True)"
        )


def check_foreign(argument: Argument, value: object) -> None:
    """Refuses a configuration that brings generated values of another place.

    Raises GeneratedValuesError.
    """
    if isinstance(value, Configuration) and not argument.ignore_generated and _leaks(value.__xpm__):
        raise GeneratedValuesError(argument.name, value.__xpm__)


def check_choices(argument: Argument, value: object) -> None:
    """Applies the checker of a parameter.

    Raises InvalidValueError.
    """
    if argument.checker is not None and value is not None and not argument.checker.check(value):
        raise InvalidValueError(value, argument.checker.describe())
