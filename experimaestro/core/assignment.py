"""Giving values to parameters."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from experimaestro.core.callers import SourceLine
from experimaestro.core.checking import converted, text_of
from experimaestro.core.containers import collected, is_collection, is_dictionary
from experimaestro.core.graph import owned_first
from experimaestro.core.state import Argument, ConfigState, Configuration, ObjectType, ValueOrigin, configurations
from experimaestro.core.tags import Annotated, add_tag, is_annotated
from experimaestro.exceptions import ExperimaestroError, did_you_mean

LOGGER: Final = logging.getLogger("xpm")


class ReadOnlyError(ExperimaestroError, AttributeError):
    """A parameter that cannot be set is set."""


class UnknownParameterError(ExperimaestroError, ValueError):
    """A configuration is built with a parameter that its class does not have."""

    def __init__(self, objecttype: ObjectType, name: str, place: str) -> None:
        known = sorted(objecttype.arguments)
        listed = f"its parameters are {', '.join(known)}" if known else "it has no parameter"
        super().__init__(
            f"{name!r} is not a parameter of {objecttype.name()} (set at {place}): {listed}{did_you_mean(name, known)}"
        )
        self.name = name


class UnknownAttributeError(ExperimaestroError, AttributeError):
    """A configuration is assigned an attribute that its class does not declare."""

    def __init__(self, objecttype: ObjectType, name: str) -> None:
        super().__init__(
            f"{objecttype.name()} has no parameter nor attribute {name!r}{did_you_mean(name, objecttype.arguments)}"
        )


class UnsetParameterError(ExperimaestroError, KeyError):
    """A parameter is read before it has a value."""

    def __init__(self, state: ConfigState, name: str) -> None:
        super().__init__(name)
        argument = state.xpmtype.arguments[name]
        reason = "it is generated when the configuration is sealed" if argument.generator else "it has no value yet"
        self._message = f"parameter {name!r} of {state.xpmtype.name()} (built at {state.where()}): {reason}"

    def __str__(self) -> str:
        return self._message


class DeprecatedReadError(ExperimaestroError, AttributeError, NotImplementedError):
    """A former parameter is read."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is deprecated: it can be set, not read")


class DeprecatedAttribute:
    """A former parameter: a function that sets the new ones."""

    def __init__(self, function: Any) -> None:  # Any: the signature is that of the user's function
        self.function = function
        self.__doc__ = function.__doc__

    def __get__(self, instance: object, owner: type) -> Any:  # Any: nothing can be read
        if instance is None:
            return self
        raise DeprecatedReadError(self.function.__qualname__)

    def convert(self, config: Configuration, value: object) -> None:
        """Sets the new parameters from the value of the former one."""
        LOGGER.warning("%s is deprecated", self.function.__qualname__)
        self.function(config, value)


def assign(state: ConfigState, argument: Argument, value: Any, place: SourceLine | None) -> None:  # Any: users' values
    """Sets a parameter, as an assignment in the code of the user does.

    Raises ReadOnlyError, InvalidParameterError, GeneratedValuesError.
    """
    _check_writable(state, argument)
    assign_unchecked(state, argument, value, place)


def assign_unchecked(state: ConfigState, argument: Argument, value: Any, place: SourceLine | None) -> None:  # Any: idem
    """Sets a parameter, even one that is read-only for users."""
    name = argument.name
    if is_annotated(value):
        value = _unwrap(state, name, value, place)
    if value is None and argument.required:
        raise ReadOnlyError(f"Cannot set required parameter {name!r} of {state.xpmtype.name()} to None")
    state.values[name] = converted(state, argument, value, place) if value is not None else None
    state.origins[name] = place or ValueOrigin.EXPLICIT
    state.validated = False


def _check_writable(state: ConfigState, argument: Argument) -> None:
    if state.sealed:
        raise ReadOnlyError(
            f"Object is read-only: {state.xpmtype.name()} (built at {state.where()}) was sealed or submitted, "
            f"cannot set {argument.name!r}; change a copy: copyconfig(config, {argument.name}=...)"
        )
    if argument.constant or argument.generator is not None:
        kind = "constant" if argument.constant else "generated"
        raise ReadOnlyError(f"Property {argument.name} is read-only: it is {kind} in {state.xpmtype.name()}")


def _unwrap(state: ConfigState, name: str, annotated: Annotated[object], place: SourceLine | None) -> object:
    if annotated.tagged:
        add_tag(state, name, annotated.value, text_of(place or state.location))
    if annotated.stopped:
        state.stopped = {*(state.stopped or ()), name}
    return annotated.value


def fill(state: ConfigState, values: Mapping[str, Any]) -> None:  # Any: the values of users
    """Gives a new configuration its values: the given ones, and the defaults of the others.

    Raises UnknownParameterError, and what `assign` raises.
    """
    arguments = state.xpmtype.arguments
    for name in values:
        if name not in arguments and not isinstance(deprecated_attribute(state, name), DeprecatedAttribute):
            raise UnknownParameterError(state.xpmtype, name, state.where())
    for name, argument in arguments.items():
        if name in values:
            assign(state, argument, values[name], state.location)
        elif argument.default is not None:
            state.values[name] = argument.default if argument.type.plain else duplicate(argument.default)
            state.origins[name] = ValueOrigin.DEFAULT
        elif not argument.required:
            state.values[name] = None
            state.origins[name] = ValueOrigin.DEFAULT
    for name, value in values.items():
        if name not in arguments:
            deprecated_attribute(state, name).convert(state.pyobject, value)


def deprecated_attribute(state: ConfigState, name: str) -> Any:  # Any: whatever the class has under that name
    """What the class of a configuration has under a name that is not a parameter."""
    return getattr(state.xpmtype.originaltype, name, None)


def duplicate(value: Any) -> Any:  # Any: the values of users
    """A copy of a default value: its containers and configurations are new, so that no two objects share them."""
    copies: dict[int, Configuration] = {}
    for state in configurations(value):
        _duplicate_graph(state, copies, _is_free)
    return _duplicated(value, copies)


def duplicate_configuration(config: Configuration) -> Configuration:
    """A deep copy of a configuration: unsealed, without tags, flags nor explicit dependencies.

    What is shared stays so. The tasks that it holds, and what tasks produced, are not copied: they stay the same
    objects; and so do the elements of sets and the keys of dictionaries, which are sealed for good. The copy of the
    output of a task needs the task, but it is not its output.
    """
    state = config.__xpm__
    copies: dict[int, Configuration] = {}
    _duplicate_graph(state, copies, lambda held: held is state or _is_free(held))
    copied = copies[id(state)]
    if state.produced and not state.is_early:
        copied.__xpm__.dependencies.append(state.task)
    return copied


def _duplicate_graph(
    root: ConfigState, copies: dict[int, Configuration], is_copied: Callable[[ConfigState], bool]
) -> None:
    originals = [state for state in owned_first(root, into=is_copied) if id(state) not in copies and is_copied(state)]
    for state in originals:
        copies[id(state)] = state.xpmtype.config_type.__xpmnew__()
    for state in originals:
        target = copies[id(state)].__xpm__
        target.location = state.location
        for name, value, origin in given_values(state):
            target.values[name] = _duplicated(value, copies)
            target.origins[name] = origin


def _is_free(state: ConfigState) -> bool:
    return state.task is None


def _duplicated(value: Any, copies: Mapping[int, Configuration]) -> Any:  # Any: the values of users
    if isinstance(value, Configuration):
        return copies.get(id(value.__xpm__), value)
    if is_collection(value):
        shared = isinstance(value, set | frozenset)
        return collected(value, value if shared else [_duplicated(item, copies) for item in value])
    if is_dictionary(value):
        return {key: _duplicated(item, copies) for key, item in value.items()}
    return value


def given_values(state: ConfigState) -> Iterator[tuple[str, Any, SourceLine | ValueOrigin]]:  # Any: users' values
    """The values of a configuration, with their origins, but for those that sealing generated."""
    for name, value in state.values.items():
        origin = state.origins.get(name, ValueOrigin.EXPLICIT)
        if origin is not ValueOrigin.GENERATED:
            yield name, value, origin
