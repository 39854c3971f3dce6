"""From annotations to the types of parameters."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import Any, Final, Literal, TypeGuard, TypeVar, Union, get_args, get_origin

from experimaestro.core.composites import DictType, SequenceType, TupleType, UnionType
from experimaestro.core.state import Declared, Type
from experimaestro.core.values import (
    AnyType,
    ConfigType,
    EnumType,
    GenericConfigType,
    LiteralType,
    NoneType,
    PathType,
    ScalarType,
    VariableType,
    shown,
)
from experimaestro.exceptions import ExperimaestroError


class UnsupportedTypeError(ExperimaestroError, TypeError):
    """A parameter is declared with a type that has no identifier."""

    def __init__(self, hint: object) -> None:
        super().__init__(
            f"{shown(hint)} cannot be the type of a parameter (allowed: int, float, bool, str, Path, enumerations, "
            "configurations, Literal, list, set, frozenset, tuple, dict, Sequence, Mapping, unions of these, "
            "and Any)"
        )
        self.hint = hint


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
    if getattr(hint, "__sphinx_mock__", False) is True:
        return SCALARS[Any]  # modules that stand for others while documentation is built
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
        return GenericConfigType(origin, arguments, dict(_types_of_variables(origin, arguments)))
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


def _types_of_variables(
    generic: type,
    arguments: tuple[Any, ...],  # Any: type hints have no type
) -> Iterator[tuple[TypeVar, Type]]:
    """What the arguments of a generic class say of its parameters; nothing of what is for the user's methods only."""
    variables: Sequence[object] = getattr(generic, "__parameters__", ())
    for variable, argument in zip(variables, arguments, strict=False):
        try:
            if isinstance(variable, TypeVar):
                yield variable, type_of(argument)
        except UnsupportedTypeError:
            continue


def _tuple_type(arguments: tuple[Any, ...]) -> Type:  # Any: type hints have no type
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        return SequenceType(tuple, (tuple, list), type_of(arguments[0]))
    return TupleType(() if arguments == ((),) else tuple(type_of(argument) for argument in arguments))


def Array(item: Any) -> Any:
    """The former spelling of ``list[item]``."""
    return list[item]
