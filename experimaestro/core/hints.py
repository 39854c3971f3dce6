"""The annotations of a class that declare parameters, evaluated."""

from __future__ import annotations

import sys
import types
import typing
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, Final, NamedTuple, get_args, get_origin

from experimaestro.core.annotations import Alias, Declares, Kind, TypeAnnotation
from experimaestro.core.checkers import Checker
from experimaestro.exceptions import ExperimaestroError

NAMES: Final = "__xpm_names__"
"""Where a class defined in a function keeps the local names that its annotations use."""

_ALIASES: Final = {"Param", "Meta", "Option", "Constant", "DataPath", "OptionalDataPath"}


class DeclarationError(ExperimaestroError, TypeError):
    """A configuration class declares a parameter wrongly."""

    def __init__(self, declaration: type, name: str, problem: str) -> None:
        super().__init__(f"{declaration.__module__}.{declaration.__qualname__}.{name}: {problem}")
        self.declaration = declaration
        self.name = name


class UnresolvedAnnotationError(DeclarationError):
    """An annotation names something that is not defined: not yet, when the class is being defined."""


class Hint(NamedTuple):
    """The annotation of a parameter."""

    name: str
    type: Any  # Any: type hints have no type
    kind: Kind
    annotations: tuple[object, ...]
    """The others: help, choices, a generated path..."""


def parameter_hints(declaration: type) -> Iterator[Hint]:
    """The annotations of the class itself that declare parameters, in their order.

    Raises UnresolvedAnnotationError, DeclarationError.
    """
    for name, hint in _evaluated(declaration):
        if isinstance(hint, Alias):  # bare: any value
            yield Hint(name, Any, hint.kind, ())
        elif get_origin(hint) is Annotated:
            kind, *annotations = get_args(hint)
            declares = next((a.kind for a in annotations if isinstance(a, Declares)), Kind.PARAM)
            if any(isinstance(a, TypeAnnotation | Checker) for a in annotations):
                yield Hint(name, kind, declares, tuple(annotations))
        elif (hidden := _hidden(hint)) is not None:
            raise DeclarationError(declaration, name, f"{hidden.label} stands inside another type: write it outermost")


def _hidden(hint: object) -> Kind | None:
    """The kind of a parameter that is declared inside of a type, as in ``Optional[Param[int]]``."""
    for argument in get_args(hint) if get_origin(hint) is not typing.Literal else ():
        if isinstance(argument, Declares):
            return argument.kind
        if (found := _hidden(argument)) is not None:
            return found
    return None


def _evaluated(declaration: type) -> Iterator[tuple[str, object]]:
    """All annotations of the class itself: together, or one by one when some of them cannot be evaluated."""
    written: Mapping[str, object] = declaration.__annotations__
    if not written:
        return
    names = _Names(declaration, written)
    try:
        evaluated = names.evaluate(written)
    except Exception:  # noqa: BLE001  # whatever the expressions of users raise; one of them is found again below
        evaluated = _joined(names.evaluate_alone(name, annotation) for name, annotation in written.items())
    yield from evaluated.items()


def _joined(parts: Iterable[Mapping[str, object]]) -> dict[str, object]:
    return {name: hint for part in parts for name, hint in part.items()}


class _Names:
    """The names that the annotations of a class can use."""

    def __init__(self, declaration: type, written: Mapping[str, object]) -> None:
        local_names: Mapping[str, object] = declaration.__dict__.get(NAMES, {})
        of_class = {name: value for name, value in vars(declaration).items() if name not in written}
        self._declaration = declaration
        self._module = vars(sys.modules.get(declaration.__module__, types.ModuleType("unknown")))
        self._local = {**local_names, **of_class, declaration.__name__: declaration}

    def evaluate(self, written: Mapping[str, object]) -> dict[str, object]:
        holder = type(self._declaration.__name__, (), {"__annotations__": dict(written)})
        return typing.get_type_hints(holder, self._module, self._local, include_extras=True)

    def evaluate_alone(self, name: str, annotation: object) -> dict[str, object]:
        """An annotation that cannot be evaluated only matters if it declares a parameter."""
        try:
            return self.evaluate({name: annotation})
        except Exception as error:  # noqa: BLE001  # whatever the expression raises
            if self._may_declare(annotation):
                raise self._failure(name, error) from None
            return {}

    def _failure(self, name: str, error: Exception) -> DeclarationError:
        match error:
            case NameError():
                problem = f"{error.name!r} of its annotation is not defined"
                return UnresolvedAnnotationError(self._declaration, name, problem)
            case AttributeError():  # of a module that is being imported, perhaps
                return UnresolvedAnnotationError(
                    self._declaration, name, f"its annotation cannot be evaluated: {error}"
                )
            case _:
                return DeclarationError(self._declaration, name, f"its annotation cannot be evaluated: {error}")

    def _may_declare(self, annotation: object) -> bool:
        if not isinstance(annotation, str):
            return get_origin(annotation) is Annotated
        outer = annotation.partition("[")[0].strip()
        value: object = self._module.get(outer.partition(".")[0])
        for part in outer.split(".")[1:]:
            value = getattr(value, part, None)
        is_ours = outer.rpartition(".")[2] in _ALIASES  # imported for type checkers only, perhaps
        return is_ours or isinstance(value, Alias) or value is Annotated or get_origin(value) is Annotated
