"""The types of parameters: which values they accept, and how they are read back from a file.

Values are strict: nothing is guessed from another type, but for what Python itself does (an int is a float, a bool is
an int), numpy scalars, and text where a path is expected.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from enum import Enum
from pathlib import Path, PurePath
from typing import Any, Final, Literal, TypeGuard, TypeVar, Union, get_args, get_origin

from experimaestro.core.containers import is_collection, is_dictionary, is_sequence
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


class UnsupportedTypeError(ExperimaestroError, TypeError):
    """A parameter is declared with a type that has no identifier."""

    def __init__(self, hint: object) -> None:
        super().__init__(
            f"{_name(hint)} cannot be the type of a parameter (allowed: int, float, bool, str, Path, enumerations, "
            "configurations, Literal, list, set, frozenset, tuple, dict, Sequence, Mapping, unions of these, "
            "and Any)"
        )
        self.hint = hint


def describe(value: object) -> str:
    """A value and its type, cut to one line."""
    text = value.__xpm__.xpmtype.name() + " configuration" if isinstance(value, Configuration) else repr(value)
    text = text if len(text) <= 60 else text[:57] + "..."
    return f"{text} ({type(value).__name__})" if value is not None else "None"


def _name(hint: object) -> str:
    return hint.__qualname__ if isinstance(hint, type) and not get_args(hint) else str(hint).replace("typing.", "")


def _python_scalar(value: Any) -> Any:  # Any: the values of users
    """The Python number of a numpy scalar; other values as they are."""
    return value.item() if type(value).__module__ == "numpy" and getattr(value, "shape", None) == () else value


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
            raise InvalidValueError(value, self.name)
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
        bound = bound_of(variable)
        self.bound = ConfigType(bound) if isinstance(bound, type) and issubclass(bound, Declared) else None
        """Only configuration classes are bounds: another type could change the value."""

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

    def __init__(self, declaration: type[Declared], arguments: tuple[Any, ...]) -> None:  # Any: type hints
        super().__init__(declaration)
        self.arguments = arguments

    @property
    def name(self) -> str:
        return f"{super().name}[{', '.join(map(_name, self.arguments))}]"

    def convert(self, value: Any) -> Any:  # Any: the values of users
        config = super().convert(value)
        found = arguments_for(config.__xpm__.xpmtype.originaltype, self.declaration)
        if found is not None and not all(map(is_compatible, found, self.arguments)):
            raise InvalidValueError(value, self.name)
        return config


class SequenceType(Type):
    """list, set, frozenset, and tuples of any length; the items are of one type."""

    plain = False

    def __init__(self, container: Callable[[Iterable[Any]], Any], accepted: tuple[type, ...], item: Type) -> None:
        self.container = container
        self.accepted = accepted
        self.item = item
        self.ordered = not issubclass(set, accepted) and not issubclass(frozenset, accepted)

    @property
    def name(self) -> str:
        return f"{self.accepted[0].__name__}[{self.item.name}]"

    def convert(self, value: Any) -> Any:  # Any: the values of users
        if not _is_one_of(value, self.accepted):
            raise InvalidValueError(value, self.name)
        if not self.ordered:
            _check_hashable(value, self.name)
        return self.container(self._items(value))

    def _items(self, value: Iterable[object]) -> Iterable[object]:
        convert = self.item.convert
        for index, item in enumerate(value):
            try:
                yield convert(item)
            except InvalidValueError as error:
                raise error.below(f"[{index}]" if self.ordered else "{...}") from None

    def restore(self, value: Any) -> Any:  # Any: the values of users
        return self.container(map(self.item.restore, value)) if is_collection(value) else value

    def matches(self, value: object) -> bool:
        return _is_one_of(value, self.accepted) and is_collection(value) and all(map(self.item.matches, value))


def _is_one_of(value: object, kinds: tuple[type, ...]) -> bool:
    """As isinstance, which tells type checkers that the value is an `object` when the classes are not known."""
    return isinstance(value, kinds)


def _check_hashable(items: Iterable[object], name: str) -> None:
    for item in items:
        if isinstance(item, Configuration) and not item.__xpm__.sealed:
            raise InvalidValueError(item, f"{name} of sealed configurations: use sealed_set(...)")


class TupleType(Type):
    """A tuple with a type for each item."""

    plain = False

    def __init__(self, items: tuple[Type, ...]) -> None:
        self.items = items

    @property
    def name(self) -> str:
        return f"tuple[{', '.join(item.name for item in self.items) or '()'}]"

    def convert(self, value: Any) -> Any:  # Any: the values of users
        if not self._fits(value):
            raise InvalidValueError(value, self.name)
        return tuple(self._convert(index, item) for index, item in enumerate(value))

    def _fits(self, value: object) -> bool:
        return is_sequence(value) and len(value) == len(self.items)

    def _convert(self, index: int, item: object) -> object:
        try:
            return self.items[index].convert(item)
        except InvalidValueError as error:
            raise error.below(f"[{index}]") from None

    def restore(self, value: Any) -> Any:  # Any: the values of users
        if not self._fits(value):
            return value
        return tuple(kind.restore(item) for kind, item in zip(self.items, value, strict=True))

    def matches(self, value: object) -> bool:
        if not is_sequence(value) or not isinstance(value, tuple) or len(value) != len(self.items):
            return False
        return all(kind.matches(item) for kind, item in zip(self.items, value, strict=True))


class DictType(Type):
    """A dictionary."""

    plain = False

    def __init__(self, key: Type, value: Type, accepted: type) -> None:
        self.key = key
        self.value = value
        self.accepted = accepted

    @property
    def name(self) -> str:
        return f"dict[{self.key.name}, {self.value.name}]"

    def convert(self, value: Any) -> Any:  # Any: the values of users
        if not _is_one_of(value, (self.accepted,)):
            raise InvalidValueError(value, self.name)
        return {self._key(key): self._value(key, item) for key, item in value.items()}

    def _key(self, key: object) -> Hashable:
        try:
            return typing.cast("Hashable", self.key.convert(key))  # it comes from a dictionary
        except InvalidValueError as error:
            raise error.below(f" key {key!r}") from None

    def _value(self, key: object, item: object) -> object:
        try:
            return self.value.convert(item)
        except InvalidValueError as error:
            raise error.below(f"[{key!r}]") from None

    def restore(self, value: Any) -> Any:  # Any: the values of users
        if not is_dictionary(value):
            return value
        return {self._restored_key(key): self.value.restore(item) for key, item in value.items()}

    def _restored_key(self, key: object) -> object:
        """JSON turns the keys of dictionaries into text."""
        if not isinstance(key, str) or not isinstance(self.key, ScalarType):
            return self.key.restore(key)
        if self.key.kind is bool:
            return key in ("true", "True")
        return self.key.kind(key)

    def matches(self, value: object) -> bool:
        if not is_dictionary(value):
            return False
        return all(self.key.matches(key) and self.value.matches(item) for key, item in value.items())


class UnionType(Type):
    """One of several types: the one that the value has exactly, else the first that accepts it."""

    def __init__(self, members: tuple[Type, ...]) -> None:
        self.members = members
        self.plain = all(member.plain for member in members)
        self.concrete = tuple(member for member in members if not isinstance(member, NoneType))
        self.optional = len(self.concrete) < len(members)

    @property
    def name(self) -> str:
        return " | ".join(member.name for member in self.members)

    def convert(self, value: Any) -> Any:  # Any: the values of users
        if value is None and self.optional:
            return None
        exact = next((member for member in self.members if member.matches(value)), None)
        candidates = self.concrete if exact is None else (exact,)
        for member in candidates[:-1]:
            try:
                return member.convert(value)
            except InvalidValueError:
                continue
        try:
            return candidates[-1].convert(value)
        except InvalidValueError as error:
            if len(self.concrete) == 1 and error.path:
                raise
            raise InvalidValueError(value, self.name) from None

    def restore(self, value: Any) -> Any:  # Any: the values of users
        for member in sorted(self.members, key=lambda member: not member.matches(value)):
            try:
                return member.convert(member.restore(value))
            except (InvalidValueError, ValueError):
                continue
        return value

    def matches(self, value: object) -> bool:
        return any(member.matches(value) for member in self.members)


SCALARS: Final[dict[object, Type]] = {
    int: ScalarType(int, (int,)),
    float: ScalarType(float, (float, int)),
    bool: ScalarType(bool, (bool,)),
    str: ScalarType(str, (str,)),
    Path: PathType(),
    None: NoneType(),
    type(None): NoneType(),
    Any: AnyType(),
    list: SequenceType(list, (list,), AnyType()),
    set: SequenceType(set, (set,), AnyType()),
    frozenset: SequenceType(frozenset, (frozenset,), AnyType()),
    tuple: SequenceType(tuple, (tuple, list), AnyType()),
    dict: DictType(AnyType(), AnyType(), dict),
}


def type_of(hint: Any) -> Type:  # Any: type hints have no type
    """The type that an annotation stands for.

    Raises UnsupportedTypeError.
    """
    origin = get_origin(hint)
    if origin is not None:
        return _generic_type(hint, origin, get_args(hint))
    if isinstance(hint, TypeVar):
        return VariableType(hint)
    if _is_class(hint):
        return _type_of_class(hint)
    if hint in (None, Any):
        return SCALARS[hint]
    raise UnsupportedTypeError(hint)


def _is_class(hint: object) -> TypeGuard[type[object]]:
    return isinstance(hint, type) and hint is not Any


def _type_of_class(kind: type[object]) -> Type:
    if kind in SCALARS:
        return SCALARS[kind]
    if issubclass(kind, Enum):
        return EnumType(kind)
    if issubclass(kind, Declared):
        return ConfigType(kind)
    raise UnsupportedTypeError(kind)


def _generic_type(hint: object, origin: Any, arguments: tuple[Any, ...]) -> Type:  # Any: type hints have no type
    if origin is typing.Annotated:
        return type_of(arguments[0])
    if origin is Literal:
        return LiteralType(arguments)
    if origin is Union or origin is types.UnionType:
        return UnionType(tuple(type_of(argument) for argument in arguments))
    if not arguments:  # typing.List and the like, bare
        return type_of(origin)
    if origin is tuple:
        return _tuple_type(arguments)
    if isinstance(origin, type) and issubclass(origin, Declared):
        return GenericConfigType(origin, arguments)
    if origin in (dict, Mapping):
        return DictType(type_of(arguments[0]), type_of(arguments[1]), origin)
    containers: dict[object, tuple[Callable[[Iterable[Any]], Any], tuple[type, ...]]] = {
        list: (list, (list,)),
        set: (set, (set,)),
        frozenset: (frozenset, (frozenset,)),
        Sequence: (list, (list, tuple)),
    }
    if origin not in containers:
        raise UnsupportedTypeError(hint)
    return SequenceType(*containers[origin], type_of(arguments[0]))


def _tuple_type(arguments: tuple[Any, ...]) -> Type:  # Any: type hints have no type
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        return SequenceType(tuple, (tuple, list), type_of(arguments[0]))
    return TupleType(() if arguments == ((),) else tuple(type_of(argument) for argument in arguments))


def Array(item: Any) -> Any:
    """The former spelling of ``list[item]``."""
    return list[item]
