"""From the body of a configuration class to its parameters.

What the body says is checked when the class is defined, if all that its annotations name is known then; the functions
that compute defaults are called when the class is first used.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple, cast

from experimaestro.core import annotations as known_annotations
from experimaestro.core.algebra import UnsupportedTypeError, type_of
from experimaestro.core.annotations import MISSING, FieldOptions, Kind, pathgenerator
from experimaestro.core.callers import user_line
from experimaestro.core.checkers import Checker
from experimaestro.core.composites import UnionType
from experimaestro.core.generators import PathGenerator, is_same_file
from experimaestro.core.hints import DeclarationError, Hint, UnresolvedAnnotationError, parameter_hints
from experimaestro.core.state import Argument, Declared, Generator, ObjectType, Type
from experimaestro.core.values import AnyType, ConfigType, InvalidValueError, LiteralType, PathType, ScalarType

LOGGER: Final = logging.getLogger("xpm")

FIELDS: Final = "__xpm_fields__"
"""Where a class keeps what `field` said of its parameters."""

_PARAMETERS: Final = "__xpm_declared__"
"""Where a class keeps what it and its bases declare, once it is checked."""


class Parameter(NamedTuple):
    """What the body of a class says of a parameter."""

    owner: type
    hint: Hint
    options: FieldOptions
    type: Type
    generator: Generator[object] | None
    checker: Checker | None
    ignored: bool
    default: Any  # Any: the values of users
    """None when there is none, or when a function computes it."""

    @property
    def optional(self) -> bool:
        """Whether None is a value."""
        return isinstance(self.type, UnionType) and self.type.optional


def check(declaration: type[Declared]) -> None:
    """Checks what a class that is being defined declares, as far as its annotations can be evaluated now.

    Raises DeclarationError.
    """
    try:
        _known(declaration)
    except UnresolvedAnnotationError:  # raised again at the first use, unless it is defined by then
        return


def collect(objecttype: ObjectType) -> dict[str, Argument]:
    """The parameters of a class.

    A parameter that several bases know is that of the first of them, even where Python would find another one:
    identifiers rest on it.

    Raises DeclarationError.
    """
    declaration = objecttype.originaltype
    known = _known(declaration)
    arguments: dict[str, Argument] = {}
    for parent in reversed(list(objecttype.parents())):
        arguments.update(parent.arguments)
    own = (parameter for parameter in known.values() if parameter.owner is declaration)
    return arguments | {parameter.hint.name: _argument(objecttype, parameter) for parameter in own}


def _known(declaration: type[Declared]) -> Mapping[str, Parameter]:
    """What a class and its bases declare."""
    known: Mapping[str, Parameter] | None = declaration.__dict__.get(_PARAMETERS)
    if known is None:
        known = _collected(declaration)
        setattr(declaration, _PARAMETERS, known)
    return known


def _collected(declaration: type[Declared]) -> dict[str, Parameter]:
    parameters: dict[str, Parameter] = {}
    for base in reversed(declaration.__bases__):
        if issubclass(base, Declared) and base is not Declared:
            parameters.update(_known(base))
    own = list(_declared(declaration))
    for parameter in own:
        inherited = parameters.get(parameter.hint.name)
        if inherited is not None:
            _check_override(inherited, parameter)
    own_names = {parameter.hint.name for parameter in own}
    _check_files(own, [known for name, known in parameters.items() if name not in own_names])
    _warn_of_bare_values(declaration, parameters.keys() - own_names)
    return parameters | {parameter.hint.name: parameter for parameter in own}


def _check_override(inherited: Parameter, parameter: Parameter) -> None:
    name = parameter.hint.name
    if not _is_compatible(inherited.type, parameter.type):
        raise DeclarationError(
            parameter.owner,
            name,
            f"{parameter.type.name} cannot replace {inherited.type.name}, declared by {_name(inherited.owner)}",
        )
    if not parameter.options.overrides and parameter.hint.kind is not Kind.CONSTANT:
        LOGGER.warning(
            "%s.%s redeclares a parameter of %s: say field(overrides=True) if this is meant",
            _name(parameter.owner),
            name,
            _name(inherited.owner),
        )


def _check_files(own: Iterable[Parameter], known: list[Parameter]) -> None:
    """Two generated paths are not the same file. They can be the same directory."""
    for parameter in own:
        for other in known:
            if is_same_file(parameter.generator, other.generator):
                raise DeclarationError(
                    parameter.owner,
                    parameter.hint.name,
                    f"{parameter.generator!r} is the file of {other.hint.name!r} already, declared by "
                    f"{_name(other.owner)}: give it another name",
                )
        known.append(parameter)


def _is_compatible(inherited: Type, redeclared: Type) -> bool:
    if isinstance(inherited, ConfigType) and isinstance(redeclared, ConfigType):
        return issubclass(redeclared.declaration, inherited.declaration)
    if isinstance(inherited, ScalarType) and isinstance(redeclared, ScalarType):
        return inherited.kind is redeclared.kind
    flexible = (AnyType, UnionType, LiteralType)
    return type(inherited) is type(redeclared) or isinstance(inherited, flexible) or isinstance(redeclared, flexible)


def _warn_of_bare_values(declaration: type, inherited: set[str]) -> None:
    """A value without annotation does not change the default of an inherited parameter: identifiers rest on it."""
    for name in sorted(inherited & vars(declaration).keys()):
        value = vars(declaration)[name]
        if not callable(value) and not hasattr(value, "__get__"):
            LOGGER.warning(
                "%s.%s = %r does not change the default of the parameter: write %s: Param[...] = field(default=%r, "
                "overrides=True)",
                _name(declaration),
                name,
                value,
                name,
                value,
            )


def _name(declaration: type) -> str:
    return f"{declaration.__module__}.{declaration.__qualname__}"


def _declared(declaration: type[Declared]) -> Iterator[Parameter]:
    fields: Mapping[str, object] = declaration.__dict__.get(FIELDS, {})
    for hint in parameter_hints(declaration):
        given = fields.get(hint.name, declaration.__dict__.get(hint.name, MISSING))
        value = given.default if isinstance(given, FieldOptions) else given
        if isinstance(value, PathGenerator):
            raise DeclarationError(declaration, hint.name, f"write it as field(default_factory={value!r})")
        options = given if isinstance(given, FieldOptions) else _bare_default(declaration, hint, given)
        try:
            yield _parameter(declaration, hint, options)
        except UnsupportedTypeError as error:
            raise DeclarationError(declaration, hint.name, str(error)) from None
        except InvalidValueError as error:
            raise DeclarationError(declaration, hint.name, f"invalid default: {error}") from None


def _parameter(declaration: type[Declared], hint: Hint, options: FieldOptions) -> Parameter:
    if hint.kind is Kind.CONSTANT and not options.has_default:
        raise DeclarationError(declaration, hint.name, "a constant needs a value")
    marker = next((a for a in hint.annotations if isinstance(a, pathgenerator)), None)
    generator = marker.generator if marker else _generator(options)
    parameter_type = type_of(hint.type)
    if isinstance(generator, PathGenerator):
        _check_path(declaration, hint.name, parameter_type, generator)
    checker = next((a for a in hint.annotations if isinstance(a, Checker)), None)
    given = _same_value(declaration, hint.name, parameter_type, options.default)
    default = None if given in (MISSING, None) else accepted(parameter_type, checker, given)
    ignored = hint.kind in (Kind.META, Kind.DATA) or _is_path(parameter_type)
    return Parameter(declaration, hint, options, parameter_type, generator, checker, ignored, default)


def _check_path(declaration: type[Declared], name: str, declared: Type, generator: PathGenerator) -> None:
    """Raises DeclarationError for a path that the parameter cannot take, or shared as another class says."""
    try:
        declared.convert(Path("path"))
    except InvalidValueError as error:
        problem = f"{generator!r} makes a path, expected {error.expected}: declare it as a Path"
        raise DeclarationError(declaration, name, problem) from None
    partial = generator.partial
    if partial is None:
        return
    foreign = [owner for owner in partial.owners if issubclass(owner, Declared)]
    if foreign and not any(issubclass(declaration, owner) for owner in partial.owners):
        raise DeclarationError(
            declaration,
            name,
            f"its path is shared by the partial {partial.name!r} of {_name(foreign[0])}: a class shares paths with a "
            f"partial of its own, write {partial.name} = partial(...) in {declaration.__qualname__}",
        )
    if not partial.name:  # inline: named after the parameter
        partial.name = name


def _same_value(declaration: type, name: str, parameter_type: Type, default: Any) -> Any:  # Any: the values of users
    """A default that is a number of another type, in that of the parameter: released projects have such defaults."""
    expected = parameter_type.kind if isinstance(parameter_type, ScalarType) else None
    is_truth = expected is bool and type(default) is int and default in (0, 1)
    is_whole = expected is int and isinstance(default, float) and default.is_integer()
    if expected is None or not (is_truth or is_whole):
        return default
    converted = expected(default)
    message = (
        f"default of {_name(declaration)}.{name}: found {default!r}, expected {expected.__name__}: write {converted!r}"
    )
    warnings.warn_explicit(message, DeprecationWarning, *user_line(), module=declaration.__module__)
    return converted


def accepted(type: Type, checker: Checker | None, value: Any) -> Any:  # Any: the values of users
    """The value that a parameter keeps.

    Raises InvalidValueError.
    """
    converted = type.convert(value)
    if checker is not None and not checker.check(converted):
        raise InvalidValueError(converted, checker.describe())
    return converted


def _generator(options: FieldOptions) -> Generator[object] | None:
    factory: object = options.factory
    return cast("Generator[object]", factory) if isinstance(factory, Generator) else None  # whatever it computes


def _is_path(type: Type) -> bool:
    return isinstance(type, PathType) or (
        isinstance(type, UnionType) and len(type.concrete) == 1 and isinstance(type.concrete[0], PathType)
    )


def _bare_default(declaration: type, hint: Hint, given: object) -> FieldOptions:
    if given is MISSING:
        return FieldOptions()
    if given is None or hint.kind is Kind.CONSTANT:
        return FieldOptions(default=given)
    message = (
        f"{_name(declaration)}.{hint.name} = {given!r} is deprecated: write field(default={given!r}, "
        "ignore_default=True)"
    )
    warnings.warn_explicit(message, DeprecationWarning, *user_line(), module=declaration.__module__)
    return FieldOptions(default=given, ignore_default=True)


def _argument(objecttype: ObjectType, parameter: Parameter) -> Argument:
    hint, options = parameter.hint, parameter.options
    is_generated = any(isinstance(annotation, pathgenerator) for annotation in hint.annotations)
    computed_late = options.factory if parameter.ignored and parameter.generator is None else None
    computed = _computed_default(parameter) if computed_late is None and parameter.generator is None else None
    return Argument(
        objecttype,
        hint.name,
        parameter.type,
        required=is_generated or not (parameter.optional or options.has_default),
        constant=hint.kind is Kind.CONSTANT,
        ignored=parameter.ignored,
        is_data=hint.kind is Kind.DATA,
        overrides=options.overrides,
        ignore_default_in_identifier=options.ignore_default,
        ignore_generated=options.ignore_generated,
        groups=options.groups,
        help=next((a.text for a in hint.annotations if isinstance(a, known_annotations.help)), None),
        checker=parameter.checker,
        generator=parameter.generator,
        factory=computed_late,
        default=parameter.default if computed is None else computed,
        default_when_none=computed,
    )


def _computed_default(parameter: Parameter) -> Any:  # Any: the values of users
    """What the function that gives the default returns; None when there is none."""
    value = None if parameter.options.factory is None else parameter.options.factory()
    try:
        return None if value is None else accepted(parameter.type, parameter.checker, value)
    except InvalidValueError as error:
        raise DeclarationError(parameter.owner, parameter.hint.name, f"invalid default: {error}") from None
