"""Configuration classes, seen by the system: their identifier and their parameters."""

from __future__ import annotations

import logging
import sys
import types
import typing
import warnings
from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from typing import Annotated, Any, Final, get_args, get_origin

from experimaestro.core.annotations import MISSING, FieldOptions, Kind, TypeAnnotation, help, pathgenerator
from experimaestro.core.checkers import Checker
from experimaestro.core.generators import Generator
from experimaestro.core.names import Identifier, type_identifier
from experimaestro.core.partials import ParameterGroup, Partial
from experimaestro.core.state import Configuration, Declared
from experimaestro.core.values import (
    AnyType,
    ConfigType,
    InvalidValueError,
    LiteralType,
    PathType,
    ScalarType,
    Type,
    UnionType,
    UnsupportedTypeError,
    type_of,
)
from experimaestro.exceptions import ExperimaestroError

LOGGER: Final = logging.getLogger("xpm")

FIELDS: Final = "__xpm_fields__"
"""Where a class keeps what `field` said of its parameters."""


class DeclarationError(ExperimaestroError, TypeError):
    """A configuration class declares a parameter wrongly."""

    def __init__(self, declaration: type, name: str, problem: str) -> None:
        super().__init__(f"{declaration.__module__}.{declaration.__qualname__}.{name}: {problem}")
        self.declaration = declaration
        self.name = name


class Argument:
    """A parameter of a configuration class."""

    __slots__ = (
        "checker",
        "constant",
        "default",
        "default_when_none",
        "factory",
        "generator",
        "groups",
        "help",
        "ignore_default_in_identifier",
        "ignore_generated",
        "ignored",
        "is_data",
        "name",
        "objecttype",
        "overrides",
        "prefix",
        "required",
        "type",
    )

    def __init__(
        self,
        objecttype: ObjectType,
        name: str,
        type: Type,
        kind: Kind,
        options: FieldOptions,
        *,
        help: str | None,
        checker: Checker | None,
        generator: Generator[object] | None,
        annotated_generator: bool,
    ) -> None:
        self.objecttype = objecttype
        self.name = name
        self.type = type
        self.help = help
        self.checker = checker
        self.generator = generator
        self.constant = kind is Kind.CONSTANT
        self.is_data = kind is Kind.DATA
        self.ignored = kind in (Kind.META, Kind.DATA) or _is_path(type)
        self.overrides = options.overrides
        self.groups: frozenset[ParameterGroup] = options.groups
        self.ignore_generated = options.ignore_generated
        self.ignore_default_in_identifier = options.ignore_default
        optional = isinstance(type, UnionType) and type.optional
        has_default = options.default is not MISSING or options.factory is not None
        self.required = annotated_generator or not (optional or has_default)
        self.factory: Callable[[], object] | None = None
        """Computes the value at sealing, when it is not set."""
        self.default: Any = None if options.default is MISSING else options.default  # Any: the values of users
        """The default, None when there is none: the identifier does not tell them apart."""
        if options.factory is not None and generator is None:
            if self.ignored:
                self.factory = options.factory
            else:
                self.default = options.factory()
        if self.default is not None:
            self.default = type.convert(self.default)
        computed = options.factory is not None and self.factory is None and generator is None
        self.default_when_none: Any = self.default if computed else None  # Any: the values of users
        """What the identifier takes for None: a default that a function computes."""
        self.prefix = b"\x03" + name.encode() + b"\x05"
        """What precedes the value in the bytes of an identifier."""

    def accepts_none(self) -> bool:
        return not self.required

    def __repr__(self) -> str:
        return f"Argument({self.name}: {self.type.name})"


def _is_path(type: Type) -> bool:
    return isinstance(type, PathType) or (
        isinstance(type, UnionType) and len(type.concrete) == 1 and isinstance(type.concrete[0], PathType)
    )


class Role(Enum):
    """What the objects of a configuration class are for the system."""

    VALUE = "value"
    EXECUTABLE = "executable"
    TASK = "task"
    PREPARATION = "preparation"
    INSTANCE = "instance"


class ObjectType:
    """A configuration class: its identifier, its parameters, the classes of its objects."""

    def __init__(self, declaration: type[Declared], role: Role) -> None:
        self.originaltype = declaration
        self.value_type: type[Declared] = declaration
        """The class of the instances."""
        self.config_type: type[Configuration] = Configuration
        """The class of the configuration objects."""
        self.identifier: Identifier = type_identifier(declaration)
        self.original_identifier: Identifier = self.identifier
        self.is_executable = role in (Role.EXECUTABLE, Role.TASK)
        """A lightweight task, or a task."""
        self.is_task = role is Role.TASK
        self.is_preparation = role is Role.PREPARATION
        self.is_instance = role is Role.INSTANCE
        """The identity of its objects counts in identifiers."""
        self.deprecated = False
        self.converts = False
        """Deprecated, and identified through the configuration that `__convert__` returns."""
        self.replaces = False
        """Deprecated, and built as the configuration that `__convert__` returns."""
        self.submit_hooks: set[object] = set()
        self._arguments: dict[str, Argument] | None = None
        self._identified: tuple[Argument, ...] | None = None

    @property
    def arguments(self) -> Mapping[str, Argument]:
        """The parameters by name: those of the last base first, those of the class itself last.

        Raises DeclarationError when one is declared wrongly, each time: a class is usable whole or not at all.
        """
        if self._arguments is None:
            self._arguments = _collect(self)
        return self._arguments

    @property
    def identified(self) -> tuple[Argument, ...]:
        """The parameters in the order in which identifiers take them, but for generated ones."""
        if self._identified is None:
            kept = [argument for argument in self.arguments.values() if argument.generator is None]
            self._identified = tuple(sorted(kept, key=lambda argument: argument.name))
        return self._identified

    @property
    def is_local(self) -> bool:
        """Whether the class is defined inside a function, where another process cannot find it."""
        return "<locals>" in self.originaltype.__qualname__

    @property
    def partials(self) -> dict[str, Partial]:
        """The partial identifiers declared by the class itself."""
        return {name: value for name, value in vars(self.originaltype).items() if isinstance(value, Partial)}

    def name(self) -> str:
        """The qualified name of the class of the instances, with its module."""
        return f"{self.value_type.__module__}.{self.value_type.__qualname__}"

    @property
    def title(self) -> str:
        """The first line of the docstring, or the identifier."""
        text = (self.originaltype.__dict__.get("__doc__") or "").strip()
        return text.splitlines()[0] if text else str(self.identifier)

    def getArgument(self, name: str) -> Argument:
        """Returns a parameter.

        Raises KeyError.
        """
        return self.arguments[name]

    def parents(self) -> Iterator[ObjectType]:
        """The types of the direct bases that are configuration classes."""
        for base in self.originaltype.__bases__:
            if issubclass(base, Declared) and base is not Declared:
                yield base.__getxpmtype__()

    def own_arguments(self) -> Iterator[Argument]:
        """The parameters that the class itself declares."""
        return (argument for argument in self.arguments.values() if argument.objecttype is self)


def _collect(objecttype: ObjectType) -> dict[str, Argument]:
    """A parameter that several bases know is that of the first of them, even where Python would find another one:
    identifiers rest on it."""
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
    for name, annotation in declaration.__dict__.get("__annotations__", {}).items():
        holder = type(declaration.__name__, (), {"__annotations__": {name: annotation}})
        known = {**vars(declaration), declaration.__name__: declaration}
        known.pop(name, None)
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
    return value is Annotated or get_origin(value) is Annotated


def _argument(
    objecttype: ObjectType, name: str, hint: object, annotations: list[TypeAnnotation | Checker], given: object
) -> Argument:
    declaration = objecttype.originaltype
    kind = next((a for a in annotations if isinstance(a, Kind)), Kind.PARAM)
    options = given if isinstance(given, FieldOptions) else _bare_default(declaration, name, kind, given)
    if kind is Kind.CONSTANT and options.default is MISSING and options.factory is None:
        raise DeclarationError(declaration, name, "a constant needs a value")
    marker = next((a for a in annotations if isinstance(a, pathgenerator)), None)
    factory = options.factory if isinstance(options.factory, Generator) else None
    try:
        return Argument(
            objecttype,
            name,
            type_of(hint),
            kind,
            options,
            help=next((a.text for a in annotations if isinstance(a, help)), None),
            checker=next((a for a in annotations if isinstance(a, Checker)), None),
            generator=marker.generator if marker else factory,
            annotated_generator=marker is not None,
        )
    except UnsupportedTypeError as error:
        raise DeclarationError(declaration, name, str(error)) from None
    except InvalidValueError as error:
        raise DeclarationError(declaration, name, f"invalid default: {error}") from None


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
