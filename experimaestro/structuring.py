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
from typing import Any, Final, TypeVar

import attrs
from cattrs import Converter
from cattrs.errors import AttributeValidationNote, ClassValidationError
from cattrs.gen import make_dict_structure_fn

from experimaestro.configuration.annotations import (
    Annotation,
    bare,
    is_choice,
    is_class,
    is_collection,
    is_config,
    is_mapping,
    is_part,
    is_union,
    origin,
)
from experimaestro.configuration.atoms import (
    SCALARS,
    Structured,
    structure_any,
    structure_choice,
    structure_duration,
    structure_scalar,
    structure_size,
    structure_unsupported,
)
from experimaestro.configuration.configs import structure_config, unstructure_config
from experimaestro.configuration.containers import each, structure_collection, structure_mapping
from experimaestro.configuration.errors import MismatchError
from experimaestro.configuration.faults import told
from experimaestro.configuration.forms import (
    form_in_place,
    form_of_items,
    form_of_mapping,
    form_of_object,
    form_of_scalar,
)
from experimaestro.configuration.grids import Alternatives, is_grid, is_written, written_values
from experimaestro.configuration.members import kinds
from experimaestro.configuration.quantities import ByteSize, duration_text
from experimaestro.configuration.tree import ROOT, ConfigurationTree, Key, KeyPath, Plain
from experimaestro.configuration.unions import structure_union
from experimaestro.configuration.written import written
from experimaestro.core.state import Configuration

T = TypeVar("T")


def structure(tree: ConfigurationTree, cls: type[T], *, keep_paths: bool = False) -> T:
    """Returns the object of this class whose fields the tree holds.

    Paths are relative to the file that wrote them, or stay as written. Raises ConfigurationError with all mistakes.
    """
    values: Any = tree.plain() if keep_paths else written(tree)  # Any: cattrs declares nothing more precise
    try:
        return converter.structure(values, cls)
    except Exception as error:
        raise told(error, tree) from error


def structure_value(value: Plain, kind: Annotation, *, path: KeyPath = ROOT, tree: ConfigurationTree) -> Structured:
    """Returns the object of this type that a value of the tree stands for.

    Raises ConfigurationError with all mistakes.
    """
    try:
        return converter.structure(value, kind)
    except Exception as error:
        raise told(error, tree, path) from error


def unstructure(value: object, kind: Annotation = Any) -> Plain:
    """Returns JSON values: enumerations by value, paths as text, sets as lists in a stable order.

    `kind` is the annotation of the value. Raises TypeError for what `structure` could not read again.
    """
    form = form_in_place(value, kind, converter.structure, unstructure)
    if form is not None:
        return form
    is_generic = origin(kind) is type(value)
    plain: Plain = converter.unstructure(value, unstructure_as=kind if is_generic else None)
    return plain


def _structure_named(value: Plain, kind: Annotation) -> Structured:
    return converter.structure(value, bare(kind))


def _structure_written(value: Plain, _: Annotation) -> Structured:
    return value


def _structure_union(value: Plain, kind: Annotation) -> Structured:
    return structure_union(value, kind, converter.structure)


def _structure_collection(value: Plain, kind: Annotation) -> Structured:
    return structure_collection(value, kind, converter.structure)


def _structure_mapping(value: Plain, kind: Annotation) -> Structured:
    return structure_mapping(value, kind, converter.structure)


def _structure_config(value: Plain, kind: Annotation) -> Structured:
    return structure_config(value, kind, converter.structure)


def _structure_grid(value: Plain, kind: Annotation) -> Structured:
    """Several values to try, or one."""
    values = written_values(value, bare(kind))
    if values is None:
        return converter.structure(value, bare(kind))
    items = [(index, item, bare(kind)) for index, item in enumerate(values)]
    return Alternatives(tuple(each(items, kind, converter.structure)))


def _class_hook(kind: Annotation) -> Callable[[Plain, Annotation], Structured]:
    """Generates the code for a class when its first value comes: the errors of its declaration are told there."""
    generated = cache(lambda: _generate(kind))

    def structure_class(value: Plain, _: Annotation) -> Structured:
        if not isinstance(value, dict):
            raise MismatchError(value, kind)
        given: Any = value  # Any: cattrs declares keys of text, and tells the others among the unknown ones
        try:
            return generated()(given, kind)
        except ClassValidationError as error:
            raise _refused(error, lambda: generated()(given, kind)) from error

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


def _refused(error: ClassValidationError, structure_again: Callable[[], Structured]) -> ClassValidationError:
    """The errors of all validators, each at its field: the constructor stops at the first, and does not say where."""
    if any(hasattr(inner, "__notes__") for inner in error.exceptions) or not attrs.has(error.cl):
        return error
    try:
        with attrs.validators.disabled():
            made = structure_again()
    except Exception:  # noqa: BLE001  # the constructor itself refuses its arguments
        return error
    problems = list(_refusals(made))
    return error.derive(problems) if problems else error


def _refusals(made: Structured) -> Iterator[Exception]:
    cls: Any = made.__class__  # Any: a class of attrs
    types = kinds(cls)
    for known in attrs.fields(cls):
        try:
            if known.validator is not None:
                known.validator(made, known, getattr(made, known.name))
        except Exception as error:  # noqa: BLE001  # classes of users raise what they like
            error.add_note(AttributeValidationNote("", known.name, types[known.name]))
            yield error


def _unstructure_object(kind: Annotation) -> Callable[[object], Plain]:
    return lambda value: form_of_object(value, kind, unstructure)


def _unstructure_items(value: Iterable[object]) -> Plain:
    return form_of_items(value, list, unstructure)


def _unstructure_mapping(value: Mapping[Key, object]) -> Plain:
    return form_of_mapping(value, dict, unstructure)


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
        (_derives_from(object), structure_unsupported),
        (is_mapping, _structure_mapping),
        (is_collection, _structure_collection),
        (is_union, _structure_union),
        (is_choice, structure_choice),
        (lambda kind: kind in (Any, object), structure_any),
        (lambda kind: bare(kind) is not kind, _structure_named),
        (lambda kind: kind is ByteSize, structure_size),
        (lambda kind: kind is timedelta, structure_duration),
        (is_grid, _structure_grid),
        (is_written, _structure_written),
        (lambda kind: is_part(kind) or is_config(kind), _structure_config),
    ]
    for predicate, structuring in structure_hooks:
        strict.register_structure_hook_func(predicate, structuring)
    strict.register_structure_hook_factory(lambda kind: is_class(kind) and not is_config(kind), _class_hook)
    for predicate, unstructuring in (
        (_derives_from(object), _unstructure_unsupported),
        (_derives_from(Mapping), _unstructure_mapping),
        (_derives_from(AbstractSet, list, tuple), _unstructure_items),
        (_derives_from(Enum, *SCALARS), form_of_scalar),
        (_derives_from(timedelta), duration_text),
        (_derives_from(Configuration), _unstructure_config),
    ):
        strict.register_unstructure_hook_func(predicate, unstructuring)
    strict.register_unstructure_hook_factory(is_class, _unstructure_object)
    for cls in (*SCALARS, Enum, bytes, Path):  # cattrs looks these up by their bases, before any predicate
        strict.register_structure_hook(cls, structure_scalar)
    for cls, by_class in (
        (str, form_of_scalar),
        (Enum, form_of_scalar),
        (bytes, _unstructure_unsupported),
        (Path, str),
    ):
        strict.register_unstructure_hook(cls, by_class)
    return strict


converter: Final = _strict_converter()
