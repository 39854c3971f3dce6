"""Plain values to typed objects and back, strictly: nothing is converted that was not written as what is expected.

`converter` is where other rooms register the hooks of their own types, with its methods `register_structure_hook_func`
and `register_unstructure_hook_func`. A hook raises `MismatchError` for a value that it refuses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import timedelta
from enum import Enum
from functools import cache
from pathlib import Path
from types import NoneType
from typing import Any, Final, Literal, NamedTuple, TypeAlias, TypeVar, get_args

import attrs
from cattrs import Converter
from cattrs.errors import (
    AttributeValidationNote,
    BaseValidationError,
    ForbiddenExtraKeysError,
    IterableValidationError,
    IterableValidationNote,
    StructureHandlerNotFoundError,
)
from cattrs.gen import make_dict_structure_fn

from experimaestro.configuration.annotations import (
    COLLECTIONS,
    TYPE,
    Annotation,
    bare,
    element,
    expected,
    fields,
    is_choice,
    is_class,
    is_collection,
    is_config,
    is_fixed_tuple,
    is_mapping,
    is_union,
    key_and_value,
    options,
    origin,
    words,
)
from experimaestro.configuration.configs import structure_config, type_name, unstructure_config
from experimaestro.configuration.errors import ConfigurationError, KeyNote, MismatchError, Problem, UnknownKeyError
from experimaestro.configuration.grids import Alternatives, is_grid, written_values
from experimaestro.configuration.quantities import LONGEST, ByteSize, duration, duration_text, size
from experimaestro.configuration.tree import ROOT, ConfigurationTree, Key, KeyPath, Node, Plain, ScalarNode
from experimaestro.configuration.written import WrittenText, forgotten, written
from experimaestro.core.state import Configuration
from experimaestro.exceptions import HandledException, did_you_mean

T = TypeVar("T")

Structured: TypeAlias = Any
"""An object whose type is known at run time only."""

_SCALARS: Final = (bool, int, float, str, NoneType)


def structure(tree: ConfigurationTree, cls: type[T], *, keep_paths: bool = False) -> T:
    """Returns the object of this class whose fields the tree holds.

    Paths are relative to the file that wrote them, or stay as written. Raises ConfigurationError with all mistakes.
    """
    values: Any = tree.plain() if keep_paths else written(tree)  # Any: cattrs declares nothing more precise
    try:
        return converter.structure(values, cls)
    except Exception as error:
        raise ConfigurationError(_problem(fault, tree) for fault in _faults(error)) from error


def structure_value(value: Plain, kind: Annotation, *, path: KeyPath = ROOT, tree: ConfigurationTree) -> Structured:
    """Returns the object of this type that a value of the tree stands for.

    Raises ConfigurationError with all mistakes.
    """
    try:
        return converter.structure(value, kind)
    except Exception as error:
        faults = (fault._replace(path=(*path, *fault.path)) for fault in _faults(error))
        raise ConfigurationError(_problem(fault, tree) for fault in faults) from error


def unstructure(value: object) -> Plain:
    """Returns JSON values: enumerations by value, paths as text, sets as lists in a stable order.

    Raises TypeError for what `structure` could not read again.
    """
    plain: Plain = converter.unstructure(value)
    return plain


def _structure_named(value: Plain, kind: Annotation) -> Structured:
    return converter.structure(value, bare(kind))


def _structure_any(value: Plain, _: Annotation) -> Structured:
    return forgotten(value)


def _kind_of(value: Plain) -> type:
    """The class of a value, that of a text which remembers its place included."""
    if isinstance(value, str):
        return str
    return dict if isinstance(value, dict) else type(value)


def _structure_scalar(value: Plain, kind: Annotation) -> Structured:
    """cattrs finds the hook of a class through its bases: an enumeration of texts comes here as well."""
    if is_choice(kind):
        return _structure_choice(value, kind)
    if kind is float and type(value) is int:
        return _float(value)
    if kind is Path and isinstance(value, str) and value:
        return value.path() if isinstance(value, WrittenText) else Path(value)
    if _kind_of(value) is kind and kind in _SCALARS:
        return forgotten(value)
    if kind is Path or kind in _SCALARS:
        raise MismatchError(value, kind, _advice(value, kind))
    return _structure_unsupported(value, kind)


def _float(value: int) -> float:
    try:
        return float(value)
    except OverflowError as error:
        raise ValueError("found a number that is too large for a float") from error


def _advice(value: Plain, kind: Annotation) -> str:
    if kind in (str, Path) and isinstance(value, bool | int | float):
        return " (quote it)"
    if kind in (int, float) and isinstance(value, str) and value.lstrip("+-").replace(".", "", 1).isdecimal():
        return " (remove the quotes)"
    return ""


def _structure_duration(value: Plain, kind: Annotation) -> Structured:
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= LONGEST:
        return timedelta(seconds=value)
    read = duration(value) if isinstance(value, str) else None
    if read is None:
        raise MismatchError(value, kind)
    return read


def _structure_size(value: Plain, kind: Annotation) -> Structured:
    read = size(value) if isinstance(value, str) else value
    if type(read) is not int or read < 0:
        raise MismatchError(value, kind)
    return read


def _structure_choice(value: Plain, kind: Annotation) -> Structured:
    for option in options(kind):
        if _is_meant(option, value):
            return option
    known = [word for word in words(kind) if isinstance(word, str)]
    raise MismatchError(value, kind, did_you_mean(value, known) if isinstance(value, str) else "")


def _is_meant(option: object, value: Plain) -> bool:
    if isinstance(option, Enum):
        return _is_meant(option.value, value) or option.name == value
    return type(option) is _kind_of(value) and option == value


def _structure_union(value: Plain, kind: Annotation) -> Structured:
    """The exact type first, then what lists its values, then the others in their order.

    A mapping that fits several classes is refused: Python takes `A | B` and `B | A` for equal, so that their order
    is nothing to rest on.
    """
    members = get_args(kind)
    if _kind_of(value) in members:
        exact: Any = _kind_of(value)  # Any: known at run time
        return converter.structure(value, exact)
    if isinstance(value, dict) and TYPE in value and not any(is_config(bare(member)) for member in members):
        return _structure_tagged(value, kind)
    fitting, errors = _attempts(value, sorted(members, key=is_choice, reverse=True))
    classes = [origin(bare(member)) for member, _ in fitting if is_class(bare(member)) or is_config(bare(member))]
    if len(classes) > 1:
        names = [cls.__name__ for cls in classes]
        advice = f"add {TYPE}: {type_name(classes[0]) if is_config(classes[0]) else names[0]}, or another of them"
        raise ValueError(f"found a mapping that fits {' and '.join(names)}, {advice}")
    if fitting:
        return fitting[0][1]
    raise _nearest(errors) or MismatchError(value, kind)


def _structure_tagged(value: Mapping[Key, Plain], kind: Annotation) -> Structured:
    """A mapping that says which of the classes it is, by its name."""
    classes = {origin(bare(member)).__name__: member for member in get_args(kind) if is_class(bare(member))}
    tags: Any = Literal[tuple(classes)] if classes else str  # Any: known at run time
    [tag] = _each([(TYPE, value[TYPE], tags)], kind)
    given: Any = {key: item for key, item in value.items() if key != TYPE}  # Any: cattrs declares keys of text
    return converter.structure(given, classes[tag] if classes else kind)


def _attempts(
    value: Plain, members: Iterable[Annotation]
) -> tuple[list[tuple[Annotation, Structured]], list[Exception]]:
    fitting: list[tuple[Annotation, Structured]] = []
    errors: list[Exception] = []
    for member in members:
        try:
            fitting.append((member, converter.structure(value, member)))
        except Exception as error:  # noqa: BLE001  # classes of users raise what they like
            errors.append(error)
    return fitting, errors


def _nearest(errors: Iterable[Exception]) -> Exception | None:
    """The error of the type that took the value for one of its own and has the least to say against it."""
    inside = [error for error in errors if not isinstance(error, MismatchError)]
    return min(inside, key=lambda error: sum(_weight(fault.error) for fault in _faults(error)), default=None)


def _weight(error: Exception) -> int:
    return 1 if isinstance(error, UnknownKeyError) and error.hint else 2


def _structure_collection(value: Plain, kind: Annotation) -> Structured:
    if not isinstance(value, list):
        raise MismatchError(value, kind)
    kinds = get_args(kind) if is_fixed_tuple(kind) else [element(kind)] * len(value)
    if len(kinds) != len(value):
        raise ValueError(f"found a list of {len(value)}, expected {expected(kind)}")
    items = [(index, item, kinds[index]) for index, item in enumerate(value)]
    return COLLECTIONS[origin(kind)](_each(items, kind))


def _structure_mapping(value: Plain, kind: Annotation) -> Structured:
    if not isinstance(value, dict):
        raise MismatchError(value, kind)
    key_kind, value_kind = key_and_value(kind)
    keys = _each([(key, key, key_kind) for key in value], kind, note=KeyNote)
    return dict(zip(keys, _each([(key, item, value_kind) for key, item in value.items()], kind), strict=True))


def _each(
    items: Iterable[tuple[Any, Plain, Annotation]],  # Any: cattrs declares texts and integers, and takes any key
    kind: Annotation,
    *,
    note: type[IterableValidationNote] = IterableValidationNote,
) -> list[Structured]:
    """Structures items that stand at a key or an index, and raises the errors of all."""
    results: list[Structured] = []
    errors: list[Exception] = []
    for key, item, item_kind in items:
        try:
            results.append(converter.structure(item, item_kind))
        except Exception as error:  # noqa: BLE001  # classes of users raise what they like
            error.add_note(note(f"at {key!r}", key, item_kind))
            errors.append(error)
    if errors:
        raise IterableValidationError("invalid items", errors, kind)  # pyright: ignore[reportCallIssue]  # not `__new__`
    return results


def _class_hook(kind: Annotation) -> Callable[[Plain, Annotation], Structured]:
    """Generates the code for a class when its first value comes: the errors of its declaration are told there."""
    generated = cache(lambda: _generate(kind))

    def structure_class(value: Plain, _: Annotation) -> Structured:
        if not isinstance(value, dict):
            raise MismatchError(value, kind)
        given: Any = value  # Any: cattrs declares keys of text, and tells the others among the unknown ones
        return generated()(given, kind)

    return structure_class


def _generate(kind: Annotation) -> Callable[[Any, Annotation], Structured]:  # Any: see above
    _resolve_annotations(origin(kind))
    return make_dict_structure_fn(
        kind, converter, _cattrs_forbid_extra_keys=True, _cattrs_use_alias=True, _cattrs_detailed_validation=True
    )


def _resolve_annotations(cls: type) -> None:
    """Replaces annotations that are text, of `from __future__ import annotations`, by the types they name."""
    try:
        if attrs.has(cls):
            attrs.resolve_types(cls)
    except NameError as error:
        raise TypeError(f"an annotation of {cls.__name__} has no meaning at the top of its module: {error}") from error


def _structure_config(value: Plain, kind: Annotation) -> Structured:
    return structure_config(value, kind, converter.structure)


def _structure_unsupported(_: Plain, kind: Annotation) -> Structured:
    raise TypeError(f"a value of type {getattr(kind, '__name__', kind)} cannot be given in a configuration file")


def _unstructure_scalar(value: Structured) -> Plain:
    """Texts and numbers that are members of an enumeration come here as well."""
    return unstructure(value.value) if isinstance(value, Enum) else value


def _unstructure_items(value: Iterable[object]) -> Plain:
    return [unstructure(item) for item in value]


def _unstructure_alternatives(value: Alternatives) -> Plain:
    return _unstructure_items(value.values)


def _unstructure_set(value: Iterable[object]) -> Plain:
    return sorted(map(unstructure, value), key=repr)


def _unstructure_mapping(value: Mapping[Key, object]) -> Plain:
    return {key: unstructure(item) for key, item in value.items()}


def _unstructure_class(value: object) -> Plain:
    return {key: unstructure(getattr(value, name)) for name, key in fields(type(value)).items()}


def _structure_grid(value: Plain, kind: Annotation) -> Structured:
    """Several values to try, or one."""
    values = written_values(value, bare(kind))
    if values is None:
        return converter.structure(value, bare(kind))
    items = [(index, item, bare(kind)) for index, item in enumerate(values)]
    return Alternatives(tuple(_each(items, kind)))


def _unstructure_config(value: Configuration) -> Plain:
    return unstructure_config(value, unstructure)


def _unstructure_unsupported(value: object) -> Plain:
    raise TypeError(f"{value!r} has no form in a configuration file")


def _derives_from(*bases: type) -> Callable[[Annotation], bool]:
    return lambda kind: isinstance(kind, type) and issubclass(kind, bases)


def _strict_converter() -> Converter:
    """A converter without the lenient hooks of cattrs. The predicate registered last is asked first."""
    strict = Converter()
    structure_hooks: list[tuple[Callable[[Annotation], bool], Callable[[Plain, Annotation], Structured]]] = [
        (_derives_from(object), _structure_unsupported),
        (is_mapping, _structure_mapping),
        (is_collection, _structure_collection),
        (is_union, _structure_union),
        (is_choice, _structure_choice),
        (lambda kind: kind in (Any, object), _structure_any),
        (lambda kind: bare(kind) is not kind, _structure_named),
        (lambda kind: kind is ByteSize, _structure_size),
        (lambda kind: kind is timedelta, _structure_duration),
        (is_grid, _structure_grid),
    ]
    for predicate, structuring in structure_hooks:
        strict.register_structure_hook_func(predicate, structuring)
    strict.register_structure_hook_factory(is_class, _class_hook)
    strict.register_structure_hook_func(is_config, _structure_config)
    for predicate, unstructuring in (
        (_derives_from(object), _unstructure_unsupported),
        (is_class, _unstructure_class),
        (_derives_from(Mapping), _unstructure_mapping),
        (_derives_from(AbstractSet), _unstructure_set),
        (_derives_from(list, tuple), _unstructure_items),
        (_derives_from(Enum, *_SCALARS), _unstructure_scalar),
        (_derives_from(timedelta), duration_text),
        (_derives_from(Configuration), _unstructure_config),
        (_derives_from(Alternatives), _unstructure_alternatives),
    ):
        strict.register_unstructure_hook_func(predicate, unstructuring)
    for cls in (*_SCALARS, Enum, bytes, Path):  # cattrs looks these up by their bases, before any predicate
        strict.register_structure_hook(cls, _structure_scalar)
    for cls, by_class in (
        (str, _unstructure_scalar),
        (Enum, _unstructure_scalar),
        (bytes, _unstructure_unsupported),
        (Path, str),
    ):
        strict.register_unstructure_hook(cls, by_class)
    return strict


converter: Final = _strict_converter()


class _Fault(NamedTuple):
    error: Exception
    path: KeyPath
    kind: Annotation = None
    """The expected type, if it is known."""
    is_of_key: bool = False
    """Whether the key is wrong rather than its value."""


def _faults(error: Exception, fault: _Fault | None = None) -> Iterator[_Fault]:
    """The single errors below the groups that cattrs raises, with the path of the value each is about."""
    fault = fault or _Fault(error, ROOT)
    if isinstance(error, BaseValidationError):
        for inner in error.exceptions:
            yield from _faults(inner, _inner(inner, fault.path, error.cl))
    elif isinstance(error, ForbiddenExtraKeysError):
        for key in error.extra_fields:
            yield _Fault(UnknownKeyError(key, error.cl), (*fault.path, key), is_of_key=True)
    else:
        yield fault


def _inner(error: Exception, path: KeyPath, cls: Annotation) -> _Fault:
    """What the note of an error tells; without one it comes from a constructor, and concerns the whole value."""
    for note in getattr(error, "__notes__", ()):
        if isinstance(note, AttributeValidationNote):
            return _Fault(error, (*path, fields(origin(cls))[note.name]), note.type)
        if isinstance(note, IterableValidationNote):
            return _Fault(error, (*path, note.index), note.type, isinstance(note, KeyNote))
    return _Fault(error, path)


def _problem(fault: _Fault, tree: ConfigurationTree) -> Problem:
    node = tree.node(fault.path)
    if isinstance(fault.error, KeyError) and node is None:
        message = f"missing, expected {expected(fault.kind)}"
        return Problem(message, path=fault.path, position=tree.position(fault.path[:-1]))
    if fault.is_of_key:
        return Problem(_message(fault.error), path=fault.path, position=tree.key_position(fault.path))
    return Problem(_message(fault.error, node), path=fault.path, position=tree.position(fault.path))


def _message(error: Exception, node: Node | None = None) -> str:
    """The words of an error; numbers as written, and only the words where validators of attrs say more."""
    if isinstance(error, MismatchError) and isinstance(node, ScalarNode) and isinstance(node.value, int | float):
        return error.message(node.text)
    words = str(error.args[0] if error.args else error)
    speaks = isinstance(error, ValueError | TypeError | HandledException | StructureHandlerNotFoundError)
    return words if speaks else f"{type(error).__name__}: {words}"
