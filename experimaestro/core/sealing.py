"""Validation, then sealing: from a configuration that can be edited to one that has an identifier for good."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from experimaestro.core.checking import check_foreign, converted, leaks
from experimaestro.core.containers import is_collection, is_dictionary, is_sequence
from experimaestro.core.context import ConfigWalkContext, EmptyContext
from experimaestro.core.frozen import frozen, thawed
from experimaestro.core.graph import Place, held, owned_first, places
from experimaestro.core.identifier import MissingValueError
from experimaestro.core.state import ConfigState, Configuration, ValueOrigin, configurations
from experimaestro.exceptions import ExperimaestroError


class InvalidConfigurationError(ExperimaestroError, ValueError):
    """Several configurations lack values."""

    def __init__(self, errors: Sequence[Exception]) -> None:
        super().__init__("\n".join(str(error) for error in errors))
        self.errors = tuple(errors)


def validate(root: ConfigState) -> list[ConfigState]:
    """Checks that all required parameters are set, here and below, then calls `__validate__` of each, inner ones first.

    Returns what was checked: what is sealed was, before.

    Raises MissingValueError, InvalidConfigurationError (several missing ones), InvalidParameterError (a list or
    dictionary that was changed in place), or what `__validate__` raises.
    """
    pending = [place.state for place in places(root)]
    errors = [MissingValueError(state, names) for state in pending if (names := missing(state))]
    if len(errors) > 1:
        raise InvalidConfigurationError(errors)
    if errors:
        raise errors[0]
    for state in reversed(pending):
        _check_containers(state)
        if not state.validated:
            state.pyobject.__validate__()
            state.validated = True
    return pending


def missing(state: ConfigState) -> list[str]:
    """The required parameters without value."""
    values = state.values
    return [argument.name for argument in state.xpmtype.required if values.get(argument.name) is None]


def _check_containers(state: ConfigState) -> None:
    """Lists and dictionaries can change without an assignment: they are checked again."""
    for argument in state.xpmtype.holding:
        value = state.values.get(argument.name)
        if value is not None and not isinstance(value, Configuration):
            origin = state.origins.get(argument.name)
            place = origin if isinstance(origin, tuple) else None
            state.values[argument.name] = converted(state, argument, value, place)


def seal(root: ConfigState, context: ConfigWalkContext | None = None) -> None:
    """Makes a configuration read-only, with all that it holds, then computes the generated values.

    Nothing is sealed if something raises: GeneratedValuesError, NoDirectoryError, or what users' functions raise.
    """
    sealed: list[Place] = []
    for place in places(root):
        _call_factories(place.state)
        _check_held(place.state)
        sealed.append(place)
    for place in sealed:
        place.state.sealed = True
        place.state.identity = None
    try:
        _generate_all(sealed, context or EmptyContext())
    except BaseException:
        for place in sealed:
            place.state.sealed = False
        raise
    for place in sealed:
        _freeze(place.state)
    if any(place.state.generated for place in sealed):
        _spread_generated(root, {id(place.state) for place in sealed})


def _call_factories(state: ConfigState) -> None:
    for argument in state.xpmtype.computed:
        if argument.factory is not None and state.values.get(argument.name) is None:
            value = argument.type.convert(argument.factory())
            for created in configurations(value):
                validate(created)
            state.values[argument.name] = value
            state.origins[argument.name] = ValueOrigin.DEFAULT


def _check_held(state: ConfigState) -> None:
    for argument in state.xpmtype.holding:
        check_foreign(argument, state.values.get(argument.name))


def _generate_all(sealed: Iterable[Place], context: ConfigWalkContext) -> None:
    for place in sealed:
        for argument in place.state.xpmtype.generated:
            if argument.generator is not None and not _is_given(place.state, argument.name):
                with context.at(place.path()):
                    value = argument.generator(context, place.state.pyobject)
                place.state.values[argument.name] = argument.type.convert(value)
                place.state.origins[argument.name] = ValueOrigin.GENERATED
                place.state.generated = True


def _freeze(state: ConfigState) -> None:
    for argument in state.xpmtype.holding:
        value = state.values.get(argument.name)
        if value is not None and not isinstance(value, Configuration):
            state.values[argument.name] = frozen(value)


def _is_given(state: ConfigState, name: str) -> bool:
    return state.values.get(name) is not None and state.origins.get(name) is not ValueOrigin.GENERATED


def _spread_generated(root: ConfigState, sealed: set[int]) -> None:
    """Marks the holders of generated values."""
    for state in owned_first(root, into=lambda state: id(state) in sealed):
        if id(state) in sealed:
            state.generated = state.generated or any(leaks(child) for _, child in held(state))


def unseal(root: ConfigState) -> None:
    """Makes a configuration editable again, with all that it holds.

    Submitted tasks and what these produced stay sealed, and so do the elements of sets and the keys of dictionaries,
    which could not be there otherwise.
    """

    def is_free(state: ConfigState) -> bool:
        return state is root or state.task is None

    reached = owned_first(root, into=is_free)
    hashed = [inner for state in reached for value in state.values.values() for inner in _hashed(value)]
    kept = {id(below) for state in hashed for below in owned_first(state)}
    for state in reached:
        if is_free(state) and id(state) not in kept:
            _unseal(state)


def _hashed(value: object) -> Iterator[ConfigState]:
    """The configurations in a value whose hash Python uses."""
    if is_sequence(value):
        for item in value:
            yield from _hashed(item)
    elif is_dictionary(value):
        yield from configurations(tuple(value))
        for item in value.values():
            yield from _hashed(item)
    elif is_collection(value):
        yield from configurations(value)


def _unseal(state: ConfigState) -> None:
    state.sealed = state.validated = state.generated = state.contextual = False
    state.identity = state.shared_tags = None
    for argument in state.xpmtype.holding:
        if argument.name in state.values:
            state.values[argument.name] = thawed(state.values[argument.name])
