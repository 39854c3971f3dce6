"""The types of parameters: which values they accept, and how they are read back from a file.

Values are strict: nothing is guessed from another type, but for what Python itself does (an int is a float, a bool is
an int), numpy scalars, and text where a path is expected.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from functools import cached_property
from pathlib import Path, PurePath
from typing import Any, Final, TypeVar, get_args

from experimaestro.core.generics import arguments_for, bound_of, is_compatible
from experimaestro.core.state import Configuration, Declared, Type
from experimaestro.exceptions import ExperimaestroError


class InvalidValueError(ExperimaestroError, ValueError):
    """A value does not fit its declared type."""

    def __init__(self, found: object, expected: str, path: str = "") -> None:
        at = f"at {path}: " if path else ""
        super().__init__(f"{at}found {describe(found)}, expected {expected}")
        self.found = found
        self.expected = expected
        self.path = path

    def below(self, step: str) -> InvalidValueError:
        """The same error, seen from the container."""
        return InvalidValueError(self.found, self.expected, step + self.path)


def describe(value: object) -> str:
    """A value and its type, cut to one line."""
    text = value.__xpm__.xpmtype.name() + " configuration" if isinstance(value, Configuration) else repr(value)
    text = text if len(text) <= 60 else text[:57] + "..."
    return f"{text} ({type(value).__name__})" if value is not None else "None"


def shown(hint: object) -> str:
    """An annotation, as messages show it."""
    return hint.__qualname__ if isinstance(hint, type) and not get_args(hint) else str(hint).replace("typing.", "")


def _python_scalar(value: Any) -> Any:  # Any: the values of users
    """The Python number of a numpy scalar; other values as they are."""
    return value.item() if type(value).__module__ == "numpy" and getattr(value, "shape", None) == () else value


def _advice(kind: type, value: object) -> str:
    """How to write what release 2.7 took for a value of another type."""
    meant = _meant(kind, value)
    return "" if meant is None else f": write {meant!r}"


def _meant(kind: type, value: object) -> object:
    text = value.strip().lower() if isinstance(value, str) else value
    try:
        if kind is bool:
            return True if text in _TRUE else False if text in _FALSE else None
        if kind is int and isinstance(value, float):
            return int(value) if value.is_integer() else None
        return kind(value) if kind in (int, float) and isinstance(value, str) else None
    except (TypeError, ValueError):
        return None


_TRUE: Final = (1, "1", "true", "t", "yes", "y", "on")
_FALSE: Final = (0, "0", "false", "f", "no", "n", "off")


class ScalarType(Type):
    """int, float, bool and str."""

    def __init__(self, kind: type, accepted: tuple[type, ...]) -> None:
        self.kind = kind
        self.accepted = accepted

    @property
    def name(self) -> str:
        return self.kind.__name__

    def convert(self, value: Any) -> Any:  # Any: the values of users
        if type(value) is self.kind:
            return value
        scalar = _python_scalar(value)
        if not isinstance(scalar, self.accepted):
            raise InvalidValueError(value, self.name + _advice(self.kind, scalar))
        return str.__str__(scalar) if self.kind is str and not isinstance(scalar, Enum) else self._plain(scalar)

    def _plain(self, scalar: Any) -> Any:  # Any: the values of users
        return self.kind(scalar.value if isinstance(scalar, Enum) else scalar)

    def matches(self, value: object) -> bool:
        return type(value) is self.kind


class PathType(Type):
    """pathlib.Path; a text is accepted."""

    @property
    def name(self) -> str:
        return "Path"

    def convert(self, value: Any) -> Any:  # Any: the values of users
        if isinstance(value, str | PurePath):
            return Path(value)
        raise InvalidValueError(value, "a path (str or Path)")

    def restore(self, value: Any) -> Any:  # Any: the values of users
        return Path(value) if isinstance(value, str) else value

    def matches(self, value: object) -> bool:
        return isinstance(value, PurePath)


class NoneType(Type):
    """None, in a union."""

    @property
    def name(self) -> str:
        return "None"

    def convert(self, value: Any) -> Any:  # Any: the values of users
        if value is not None:
            raise InvalidValueError(value, "None")
        return None

    def matches(self, value: object) -> bool:
        return value is None


class AnyType(Type):
    """Anything: `Any`, and the type variables of generic configurations."""

    plain = False

    @property
    def name(self) -> str:
        return "Any"

    def convert(self, value: Any) -> Any:  # Any: the values of users
        return value


class VariableType(AnyType):
    """The type variable of a generic class: a class for each object, below the bound of the variable."""

    def __init__(self, variable: TypeVar) -> None:
        self.variable = variable

    @cached_property
    def bound(self) -> ConfigType | None:
        """Only configuration classes are bounds: another type could change the value."""
        bound = bound_of(self.variable)  # now: it may be defined after the class
        return ConfigType(bound) if isinstance(bound, type) and issubclass(bound, Declared) else None

    @property
    def name(self) -> str:
        return self.bound.name if self.bound else str(self.variable)

    def convert(self, value: Any) -> Any:  # Any: the values of users
        return self.bound.convert(value) if self.bound else value


class LiteralType(Type):
    """One of some values."""

    def __init__(self, choices: tuple[object, ...]) -> None:
        self.choices = choices

    @property
    def name(self) -> str:
        return "one of " + ", ".join(repr(choice) for choice in self.choices)

    def convert(self, value: Any) -> Any:  # Any: the values of users
        if not self.matches(value):
            raise InvalidValueError(value, self.name)
        return value

    def restore(self, value: Any) -> Any:  # Any: the values of users
        same = (choice for choice in self.choices if isinstance(choice, Enum) and choice.value == value)
        return value if self.matches(value) else next(same, value)

    def matches(self, value: object) -> bool:
        return any(type(value) is type(choice) and value == choice for choice in self.choices)


class EnumType(Type):
    """A member of an enumeration."""

    def __init__(self, enum: type[Enum]) -> None:
        self.enum = enum

    @property
    def name(self) -> str:
        return self.enum.__qualname__

    def convert(self, value: Any) -> Any:  # Any: the values of users
        if isinstance(value, self.enum):
            return value
        members = ", ".join(f"{self.name}.{member}" for member in self.enum.__members__)
        raise InvalidValueError(value, f"a member of {self.name} ({members})")

    def restore(self, value: Any) -> Any:  # Any: the values of users
        return value if isinstance(value, self.enum) else self.enum(value)

    def matches(self, value: object) -> bool:
        return isinstance(value, self.enum)


class ConfigType(Type):
    """A configuration of a class; a task must have been submitted."""

    plain = False

    def __init__(self, declaration: type[Declared]) -> None:
        self.declaration = declaration

    @property
    def name(self) -> str:
        return f"a configuration of {self.declaration.__qualname__}"

    def convert(self, value: Any) -> Any:  # Any: the values of users
        if not isinstance(value, Configuration):
            hint = f": write {type(value).__qualname__}.C(...)" if isinstance(value, Declared) else ""
            raise InvalidValueError(value, self.name + hint)
        if not isinstance(value, self.declaration):
            raise InvalidValueError(value, self.name)
        state = value.__xpm__
        if state.xpmtype.is_task and not state.is_job:
            raise InvalidValueError(value, f"{self.name} that was submitted: call .submit() on the task")
        return value

    def matches(self, value: object) -> bool:
        return isinstance(value, Configuration) and isinstance(value, self.declaration)


class GenericConfigType(ConfigType):
    """A configuration of a generic class with arguments; other arguments, that its class chose, are refused."""

    def __init__(
        self,
        declaration: type[Declared],
        arguments: tuple[Any, ...],  # Any: type hints
        types: Mapping[TypeVar, Type],
    ) -> None:
        super().__init__(declaration)
        self.arguments = arguments
        self.types = types
        """What is known of the values of the parameters that are declared with a type variable."""

    @property
    def name(self) -> str:
        return f"{super().name}[{', '.join(map(shown, self.arguments))}]"

    def convert(self, value: Any) -> Any:  # Any: the values of users
        config = super().convert(value)
        found = arguments_for(config.__xpm__.xpmtype.originaltype, self.declaration)
        if found is not None and not all(map(is_compatible, found, self.arguments)):
            raise InvalidValueError(value, self.name)
        if found is None:
            self._check_values(config)
        return config

    def _check_values(self, config: Configuration) -> None:
        """A configuration of the generic class itself is what its values make of it."""
        state = config.__xpm__
        for argument in state.xpmtype.holding:
            value, declared = state.values.get(argument.name), argument.type
            expected = self.types.get(declared.variable) if isinstance(declared, VariableType) else None
            if expected is not None and value is not None:
                try:
                    expected.convert(value)  # which is kept as it is: identifiers rest on it
                except InvalidValueError as error:
                    raise error.below(f".{argument.name}") from None
