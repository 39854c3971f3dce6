"""Configurations (`Config`, `Task`) in files: a mapping of their parameters, with ``$type`` for a subclass."""

from __future__ import annotations

import sys
from abc import ABC
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import partial
from importlib import import_module
from inspect import isabstract
from pathlib import Path
from typing import Any, Final, Literal, TypeVar, Union, get_args

from typing_extensions import TypeIs

from experimaestro.configuration.annotations import (
    TASK_IN_FILE,
    TYPE,
    Annotation,
    bare,
    fields,
    is_part,
    is_set_by_plan,
    origin,
    part,
    settable,
)
from experimaestro.configuration.containers import Structure, grouped, noted
from experimaestro.configuration.errors import KeyNote, MismatchError, UnknownKeyError
from experimaestro.configuration.nearest import meant_class
from experimaestro.configuration.tree import Key, Plain
from experimaestro.configuration.written import WrittenMapping
from experimaestro.core.composites import DictType, SequenceType, TupleType, UnionType
from experimaestro.core.config import Config
from experimaestro.core.state import Argument, Configuration, Declared, Type
from experimaestro.core.values import (
    ConfigType,
    EnumType,
    GenericConfigType,
    LiteralType,
    NoneType,
    PathType,
    ScalarType,
    VariableType,
)

_SEPARATOR: Final = ":"


def structure_config(value: Plain, kind: Annotation, structure: Structure) -> Configuration:
    """Returns the configuration that a mapping describes."""
    if not isinstance(value, dict):
        raise MismatchError(value, kind)
    cls = _chosen(value, bare(kind))
    if is_part(kind) and cls.__getxpmtype__().is_task:
        raise ValueError(TASK_IN_FILE)
    config: Any = cls.C(**_parameters(value, kind, cls, structure))  # Any: type checkers take X.C(...) for an X
    if isinstance(value, WrittenMapping) and value.line is not None:
        config.__xpm__.location = value.line
    return _checked(config)


def _checked(config: object) -> Configuration:
    assert isinstance(config, Configuration), "X.C(...) makes configurations"
    return config


def unstructure_config(config: Configuration, unstructure: Callable[[object, Annotation], Plain]) -> Plain:
    """Returns the mapping that describes a configuration, its class included.

    Raises TypeError for the output of a task, which only a plan can make.
    """
    state = config.__xpm__
    if state.task is not None:
        raise TypeError(f"{config!r} is the output of a task: it has no form in a configuration file")
    declaration: Any = state.xpmtype.originaltype  # Any: type checkers know a base of Config only
    kinds = {argument.name: annotation for argument, annotation in parameters(declaration, declaration)}
    mapping: dict[Key, Plain] = {TYPE: type_name(declaration)}
    for argument, value in state.arguments():
        if argument.name in kinds:
            mapping[argument.name] = unstructure(value, kinds[argument.name])
    return mapping


def annotation_of(type: Type, variables: Mapping[TypeVar, Annotation]) -> Annotation:
    """The annotation of what a type of parameter accepts; type variables may stand for something."""

    def each(types: Iterable[Type]) -> tuple[Annotation, ...]:
        return tuple(annotation_of(inner, variables) for inner in types)

    generic: Any = tuple  # Any: type checkers know no annotation that is built
    match type:
        case VariableType():
            return part(variables.get(type.variable, type.bound.declaration if type.bound else Any))
        case GenericConfigType():
            generic = type.declaration
            return part(generic[type.arguments])
        case SequenceType() if type.container is tuple:
            return generic[(*each([type.item]), ...)]
        case SequenceType():
            generic = type.container
            return generic[each([type.item])]
        case TupleType():
            return generic[each(type.items)]
        case DictType():
            generic = dict
            return generic[each([type.key, type.value])]
        case UnionType():
            return Union[each(type.members)]  # noqa: UP007  # of members known at run time
        case _:
            return _annotation_of_value(type)


def _annotation_of_value(type: Type) -> Annotation:
    match type:
        case ScalarType():
            return type.kind
        case PathType():
            return Path
        case NoneType():
            return None
        case EnumType():
            return type.enum
        case ConfigType():
            return part(type.declaration)
        case LiteralType():
            literal: Any = Literal  # Any: type checkers know no annotation that is built
            return literal[type.choices]
        case _:
            return Any


def parameters(kind: Annotation, cls: type[Config]) -> Iterator[tuple[Argument, Annotation]]:
    """The parameters of a class that a file may give, each with its annotation.

    `kind` is the annotation that asks for the class, with the arguments of a generic class.
    """
    kind = bare(kind)
    names: tuple[TypeVar, ...] = getattr(cls, "__parameters__", ()) if origin(kind) is cls else ()
    variables: Mapping[TypeVar, Annotation] = dict(zip(names, get_args(kind), strict=False))
    for argument in cls.__getxpmtype__().arguments.values():
        if settable(argument):
            yield argument, annotation_of(argument.type, variables)


def type_name(cls: type[Declared]) -> str:
    """What ``$type`` says of a class: ``module:Class``; the identifier of a class that no other module can name."""
    if "<locals>" in cls.__qualname__:
        return str(cls.__getxpmtype__().identifier)
    return f"{cls.__module__}{_SEPARATOR}{cls.__qualname__}"


def known_types(declared: type[Config]) -> dict[str, type[Config]]:
    """The classes of which a configuration may be, by the names that ``$type`` may give."""
    classes = [cls for cls in _subclasses(declared) if not isabstract(cls)]
    identifiers = {str(cls.__getxpmtype__().identifier): cls for cls in reversed(classes)}
    return {**identifiers, **{type_name(cls): cls for cls in classes}}


def _subclasses(cls: type[Config]) -> Iterator[type[Config]]:
    """The class and those below it, without the classes of configuration objects; each once."""
    found = {cls: None}
    pending = [cls]
    while pending:
        below = [sub for sub in pending.pop().__subclasses__() if sub not in found and _is_declaration(sub)]
        found.update(dict.fromkeys(below))
        pending.extend(below)
    return iter(found)


def _chosen(value: Mapping[Key, Plain], kind: Annotation) -> type[Config]:
    """The class that a mapping asks for: the one of the annotation, or a subclass."""
    declared: type[Config] = origin(kind)
    if TYPE not in value:
        _check_concrete(declared)
        return declared
    try:
        return _named(value, declared)
    except ValueError as error:
        raise grouped([noted(error, TYPE, str)], kind) from error


def _check_concrete(declared: type[Config]) -> None:
    if isabstract(declared) or declared is Config:
        listed = ", ".join(sorted(name for name in known_types(declared) if _SEPARATOR in name)) or "none is imported"
        raise ValueError(f"{TYPE} is missing, expected one of the classes of {declared.__name__} ({listed})")


def _named(value: Mapping[Key, Plain], declared: type[Config]) -> type[Config]:
    name = value[TYPE]
    if not isinstance(name, str):
        raise MismatchError(name, str, " (quote it)")
    known = known_types(declared)
    hint = partial(_hint, name, known, [str(key) for key in value if key != TYPE])
    cls = known.get(name) or known.get(name.lower()) or _imported(name, hint)  # identifiers are in lower case
    if not _is_below(cls, declared):
        raise ValueError(f"found {name!r}, which is no subclass of {declared.__name__}{hint()}")
    if isabstract(cls):
        raise ValueError(f"found {name!r}, which is abstract{hint()}")
    return cls


def _hint(name: str, known: Mapping[str, type[Config]], given: Collection[str]) -> str:
    """The class that was perhaps meant: none that is there to be derived from only."""
    classes = {each: cls for each, cls in known.items() if ABC not in cls.__bases__}
    return meant_class(name, {each: fields(cls) for each, cls in classes.items()}, given)


def _is_below(cls: object, declared: type[Config]) -> TypeIs[type[Config]]:
    return isinstance(cls, type) and issubclass(cls, declared) and _is_declaration(cls)


def _is_declaration(cls: type) -> bool:
    """Whether a class is one that users wrote, not the `X.C` of such a class."""
    return not issubclass(cls, Configuration)


def _imported(name: str, hint: Callable[[], str]) -> object:
    """What a module has under a name: ``module:Class``."""
    module_name, separator, path = name.partition(_SEPARATOR)
    if not separator or not all(part.isidentifier() for part in (*module_name.split("."), *path.split("."))):
        raise ValueError(f"found {name!r}, expected the identifier of a class or module:Class{hint()}")
    found: object = sys.modules.get(module_name) or _module(module_name, hint)
    for name_inside in path.split("."):
        found = getattr(found, name_inside, None)
    if found is None:
        raise ValueError(f"found {name!r}, and {module_name} has no {path}{hint()}")
    return found


def _module(name: str, hint: Callable[[], str]) -> object:
    try:
        return import_module(name)
    except Exception as error:
        near = hint() if hint().startswith(";") else ""  # of a module that fails, the other classes tell nothing
        raise ValueError(f"the module {name!r} cannot be imported: {type(error).__name__}: {error}{near}") from error


def _parameters(
    value: Mapping[Key, Plain], kind: Annotation, cls: type[Config], structure: Structure
) -> dict[str, Any]:  # Any: of any type
    """The values of the parameters; the errors of all are raised together."""
    known = {argument.name: (argument, annotation) for argument, annotation in parameters(kind, cls)}
    results: dict[str, Any] = {}
    errors: list[Exception] = []
    for key, item in value.items():
        if key in known:
            argument, annotation = known[str(key)]
            try:
                results[argument.name] = _parameter(argument, structure(item, annotation))
            except Exception as error:  # noqa: BLE001  # classes of users raise what they like
                errors.append(noted(error, key, annotation))
        elif key != TYPE:
            errors.append(noted(_unknown(key, cls), key, None, note=KeyNote))
    errors += [
        noted(KeyError(name), name, annotation)
        for name, (argument, annotation) in known.items()
        if name not in value and is_required(argument, annotation)
    ]
    if errors:
        raise grouped(errors, kind)
    return results


def is_required(argument: Argument, annotation: Annotation) -> bool:
    """Whether a file must give a parameter: one that may hold a task is left to the plan."""
    return argument.required and not is_set_by_plan(annotation)


def _parameter(argument: Argument, value: object) -> object:
    """The value as the parameter keeps it."""
    converted: object = argument.type.convert(value)
    if argument.checker is not None and converted is not None and not argument.checker.check(converted):
        raise ValueError(f"found {converted!r}, expected {argument.checker.describe()}")
    return converted


def _unknown(key: Key, cls: type[Config]) -> ValueError:
    argument = cls.__getxpmtype__().arguments.get(str(key))
    if argument is None:
        return UnknownKeyError(key, cls)
    return ValueError(f"cannot be set: it is {'constant' if argument.constant else 'generated'} in {cls.__name__}")
