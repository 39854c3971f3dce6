"""From the body of a configuration class to its parameters."""

from __future__ import annotations

import logging
import sys
import types
import typing
import warnings
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final, NamedTuple, cast, get_args, get_origin

from experimaestro.core import annotations as known_annotations
from experimaestro.core.annotations import MISSING, FieldOptions, Kind, TypeAnnotation, pathgenerator
from experimaestro.core.checkers import Checker
from experimaestro.core.generators import PathGenerator
from experimaestro.core.state import Argument, Generator, ObjectType, Type
from experimaestro.core.values import (
    AnyType,
    ConfigType,
    InvalidValueError,
    LiteralType,
    PathType,
    ScalarType,
    UnionType,
    UnsupportedTypeError,
    type_of,
)
from experimaestro.exceptions import ExperimaestroError

LOGGER: Final = logging.getLogger("xpm")

FIELDS: Final = "__xpm_fields__"
"""Where a class keeps what `field` said of its parameters."""

NAMES: Final = "__xpm_names__"
"""Where a class defined in a function keeps the local names that its annotations use."""


class DeclarationError(ExperimaestroError, TypeError):
    """A configuration class declares a parameter wrongly."""

    def __init__(self, declaration: type, name: str, problem: str) -> None:
        super().__init__(f"{declaration.__module__}.{declaration.__qualname__}.{name}: {problem}")
        self.declaration = declaration
        self.name = name


def collect(objecttype: ObjectType) -> dict[str, Argument]:
    """The parameters of a class.

    A parameter that several bases know is that of the first of them, even where Python would find another one:
    identifiers rest on it.

    Raises DeclarationError.
    """
    arguments: dict[str, Argument] = {}
    for parent in reversed(list(objecttype.parents())):
        arguments.update(parent.arguments)
    for argument in _declared(objecttype):
        inherited = arguments.get(argument.name)
        if inherited is not None:
            _check_override(objecttype, inherited, argument)
        arguments[argument.name] = argument
    return arguments


def _check_override(objecttype: ObjectType, inherited: Argument, argument: Argument) -> None:
    if not _is_compatible(inherited.type, argument.type):
        raise DeclarationError(
            objecttype.originaltype,
            argument.name,
            f"{argument.type.name} cannot replace {inherited.type.name}, declared by {inherited.objecttype.name()}",
        )
    if not argument.overrides and not argument.constant:
        LOGGER.warning(
            "%s.%s redeclares a parameter of %s: say field(overrides=True) if this is meant",
            objecttype.name(),
            argument.name,
            inherited.objecttype.name(),
        )


def _is_compatible(inherited: Type, redeclared: Type) -> bool:
    if isinstance(inherited, ConfigType) and isinstance(redeclared, ConfigType):
        return issubclass(redeclared.declaration, inherited.declaration)
    if isinstance(inherited, ScalarType) and isinstance(redeclared, ScalarType):
        return inherited.kind is redeclared.kind
    flexible = (AnyType, UnionType, LiteralType)
    return type(inherited) is type(redeclared) or isinstance(inherited, flexible) or isinstance(redeclared, flexible)


def _declared(objecttype: ObjectType) -> Iterator[Argument]:
    declaration = objecttype.originaltype
    fields: Mapping[str, object] = declaration.__dict__.get(FIELDS, {})
    for name, hint in _own_annotations(declaration):
        if get_origin(hint) is not Annotated:
            continue
        annotations = [a for a in get_args(hint)[1:] if isinstance(a, TypeAnnotation | Checker)]
        if annotations:
            given = fields.get(name, declaration.__dict__.get(name, MISSING))
            yield _argument(objecttype, name, get_args(hint)[0], annotations, given)


def _own_annotations(declaration: type) -> Iterator[tuple[str, object]]:
    """The annotations of the class itself, evaluated one by one.

    An annotation that names something unknown only matters if it declares a parameter.
    """
    namespace = vars(sys.modules.get(declaration.__module__, types.ModuleType("unknown")))
    local_names: Mapping[str, object] = declaration.__dict__.get(NAMES, {})
    for name, annotation in declaration.__annotations__.items():
        holder = type(declaration.__name__, (), {"__annotations__": {name: annotation}})
        known = {**local_names, **vars(declaration), declaration.__name__: declaration}
        if name not in local_names:
            known.pop(name, None)  # the default of the parameter, not what its annotation names
        try:
            hints = typing.get_type_hints(holder, namespace, known, include_extras=True)
        except NameError as error:
            if _may_declare(annotation, namespace):
                raise DeclarationError(declaration, name, f"{error.name!r} of its annotation is not defined") from None
            continue
        yield name, hints[name]


def _may_declare(annotation: object, namespace: Mapping[str, object]) -> bool:
    if not isinstance(annotation, str):
        return get_origin(annotation) is Annotated
    outer = annotation.partition("[")[0].strip()
    value: object = namespace.get(outer.partition(".")[0])
    for part in outer.split(".")[1:]:
        value = getattr(value, part, None)
    is_ours = outer.rpartition(".")[2] in _KINDS  # imported for type checkers only, perhaps
    return is_ours or value is Annotated or get_origin(value) is Annotated


_KINDS: Final = {"Param", "Meta", "Option", "Constant", "DataPath", "OptionalDataPath"}


def _argument(
    objecttype: ObjectType, name: str, hint: object, annotations: list[TypeAnnotation | Checker], given: object
) -> Argument:
    declaration = objecttype.originaltype
    kind = next((a for a in annotations if isinstance(a, Kind)), Kind.PARAM)
    options = given if isinstance(given, FieldOptions) else _bare_default(declaration, name, kind, given)
    if kind is Kind.CONSTANT and not options.has_default:
        raise DeclarationError(declaration, name, "a constant needs a value")
    marker = next((a for a in annotations if isinstance(a, pathgenerator)), None)
    generator = marker.generator if marker else _generator(options)
    if isinstance(generator, PathGenerator) and generator.partial is not None:
        generator.partial.__set_name__(declaration, generator.partial.name or name)  # written inline: named after it
    try:
        parameter_type = type_of(hint)
        ignored = kind in (Kind.META, Kind.DATA) or _is_path(parameter_type)
        defaults = _defaults(parameter_type, options, computed_late=generator is not None or ignored)
    except UnsupportedTypeError as error:
        raise DeclarationError(declaration, name, str(error)) from None
    except InvalidValueError as error:
        raise DeclarationError(declaration, name, f"invalid default: {error}") from None
    optional = isinstance(parameter_type, UnionType) and parameter_type.optional
    return Argument(
        objecttype,
        name,
        parameter_type,
        required=marker is not None or not (optional or options.has_default),
        constant=kind is Kind.CONSTANT,
        ignored=ignored,
        is_data=kind is Kind.DATA,
        overrides=options.overrides,
        ignore_default_in_identifier=options.ignore_default,
        ignore_generated=options.ignore_generated,
        groups=options.groups,
        help=next((a.text for a in annotations if isinstance(a, known_annotations.help)), None),
        checker=next((a for a in annotations if isinstance(a, Checker)), None),
        generator=generator,
        factory=options.factory if ignored and generator is None else None,
        default=defaults.value,
        default_when_none=defaults.when_none,
    )


def _generator(options: FieldOptions) -> Generator[object] | None:
    factory: object = options.factory
    return cast("Generator[object]", factory) if isinstance(factory, Generator) else None  # whatever it computes


def _is_path(type: Type) -> bool:
    return isinstance(type, PathType) or (
        isinstance(type, UnionType) and len(type.concrete) == 1 and isinstance(type.concrete[0], PathType)
    )


class _Defaults(NamedTuple):
    value: Any  # Any: the values of users
    when_none: Any  # Any: the values of users


def _defaults(type: Type, options: FieldOptions, *, computed_late: bool) -> _Defaults:
    if options.factory is not None:
        value = None if computed_late else options.factory()
    else:
        value = None if options.default is MISSING else options.default
    if value is not None:
        value = type.convert(value)
    return _Defaults(value, value if options.factory is not None else None)


def _bare_default(declaration: type, name: str, kind: Kind, given: object) -> FieldOptions:
    if given is MISSING:
        return FieldOptions()
    if given is None or kind is Kind.CONSTANT:
        return FieldOptions(default=given)
    warnings.warn(
        f"{declaration.__module__}.{declaration.__qualname__}.{name} = {given!r} is deprecated: write "
        f"field(default={given!r}, ignore_default=True)",
        DeprecationWarning,
        stacklevel=2,
    )
    return FieldOptions(default=given, ignore_default=True)
