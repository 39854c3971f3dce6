"""How parameters are declared: `Param[int]`, `Meta[Path]`, `field(default=3)`."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeVar, overload

from experimaestro.core.checkers import Choices as Choices
from experimaestro.core.generators import PathFunction, PathGenerator
from experimaestro.core.partials import ParameterGroup, Partial, groups_of

T = TypeVar("T")


class TypeAnnotation:
    """What makes a parameter of an annotated attribute, when it stands in ``Annotated[type, ...]``."""


class Kind(TypeAnnotation, Enum):
    """The kinds of parameters."""

    PARAM = "param"
    META = "meta"
    CONSTANT = "constant"
    DATA = "data"

    @property
    def label(self) -> str:
        """How it is written."""
        return "DataPath" if self is Kind.DATA else self.value.capitalize()


class Declares(TypeAnnotation):
    """Says that an annotation declares a parameter, and of which kind. No two are equal."""

    __slots__ = ("kind",)

    def __init__(self, kind: Kind) -> None:
        self.kind: Final = kind

    def __repr__(self) -> str:
        return self.kind.label


class Alias:
    """What `Param`, `Meta`, `Option` and `Constant` are when the program runs."""

    __slots__ = ("_shared", "kind")

    def __init__(self, kind: Kind) -> None:
        self.kind: Final = kind
        self._shared: Final = Declares(kind)

    def __getitem__(self, hint: Any) -> Any:  # Any: type hints have no type
        # When all is equal, `typing` takes `str | int` for the `int | str` that it met before. Classes are spared the
        # ten microseconds that its memory saves.
        return Annotated[hint, self._shared if issubclass(type(hint), type) else Declares(self.kind)]

    def __repr__(self) -> str:
        return self.kind.label


class help(TypeAnnotation):
    """The text that documents a parameter: ``Annotated[int, help("Number of layers")]``."""

    def __init__(self, text: str) -> None:
        self.text = text


class pathgenerator(TypeAnnotation):
    """A generated path: ``Annotated[Path, pathgenerator("model.pt")]``."""

    def __init__(self, path: str | Path | PathFunction = "", *, partial: Partial | None = None) -> None:
        self.generator = PathGenerator(path, partial=partial)


if TYPE_CHECKING:
    Param = Annotated[T, Kind.PARAM]
    """A parameter: it is part of the identifier, unless it is a path."""

    Meta = Annotated[T, Kind.META]
    """A parameter that does not change the result: it is left out of the identifier."""

    Option = Annotated[T, Kind.META]
    """The former name of `Meta`."""

    Constant = Annotated[T, Kind.CONSTANT]
    """A fixed value that is part of the identifier, such as a version."""
else:
    Param = Alias(Kind.PARAM)
    Meta = Option = Alias(Kind.META)
    Constant = Alias(Kind.CONSTANT)

DataPath = Annotated[Path, Declares(Kind.DATA)]
"""A path to data that is copied when the configuration is saved, and left out of the identifier."""

OptionalDataPath = Annotated[Path | None, Declares(Kind.DATA)]
"""As `DataPath`, or nothing."""


class Missing(Enum):
    """The absence of a value, where None is a value."""

    MISSING = "missing"


MISSING: Final = Missing.MISSING


class NoDefault:
    """What `field(ignore_default=True)` alone gives, to type checkers: it fits no parameter, as it has no default."""


class FieldOptions:
    """What `field` says of a parameter."""

    __slots__ = ("default", "factory", "groups", "ignore_default", "ignore_generated", "overrides")

    def __init__(
        self,
        *,
        default: object = MISSING,
        factory: Callable[[], object] | None = None,
        ignore_default: bool = False,
        ignore_generated: bool = False,
        overrides: bool = False,
        groups: frozenset[ParameterGroup] = frozenset(),
    ) -> None:
        self.default = default
        self.factory = factory
        self.ignore_default = ignore_default
        self.ignore_generated = ignore_generated
        self.overrides = overrides
        self.groups = groups

    @property
    def has_default(self) -> bool:
        """Whether the parameter has a value when none is given."""
        return self.default is not MISSING or self.factory is not None


@overload
def field(
    *,
    default: T,
    ignore_default: bool = False,
    ignore_generated: bool = False,
    overrides: bool = False,
    groups: Sequence[ParameterGroup] | None = None,
) -> T: ...
@overload
def field(
    *,
    default_factory: Callable[[], T],
    ignore_default: bool = False,
    ignore_generated: bool = False,
    overrides: bool = False,
    groups: Sequence[ParameterGroup] | None = None,
) -> T: ...
@overload
def field(
    *,
    ignore_default: bool,
    ignore_generated: bool = False,
    overrides: bool = False,
    groups: Sequence[ParameterGroup] | None = None,
) -> NoDefault: ...
@overload
def field(
    *,
    ignore_default: T,
    ignore_generated: bool = False,
    overrides: bool = False,
    groups: Sequence[ParameterGroup] | None = None,
) -> T: ...
@overload
def field(
    *,
    ignore_generated: bool = False,
    overrides: bool = False,
    groups: Sequence[ParameterGroup] | None = None,
) -> Any: ...  # Any: nothing says the type of a parameter without default
def field(
    *,
    default: object = MISSING,
    default_factory: Callable[[], object] | None = None,
    ignore_default: object = MISSING,
    ignore_generated: bool = False,
    overrides: bool = False,
    groups: Sequence[ParameterGroup] | None = None,
) -> object:
    """Says more of a parameter: ``lr: Param[float] = field(default=1e-3, ignore_default=True)``.

    :param default: its value when none is given; each configuration gets a copy.
    :param default_factory: computes the default; a `PathGenerator` computes it when the configuration is sealed.
    :param ignore_default: the value does not count in the identifier when it is the default, so that a parameter
        can be added to a class without changing the identifiers of existing results.
    :param ignore_generated: accepts a configuration whose generated paths belong to another task.
    :param overrides: says that redeclaring a parameter of a parent class is meant.
    :param groups: the groups that `partial` includes or excludes.
    :raises TypeError: when the options contradict each other, or the groups are no list of groups.
    """
    if default is not MISSING and default_factory is not None:
        raise TypeError("field() takes default or default_factory, not both")
    if default_factory is not None and not callable(default_factory):
        raise TypeError(f"field(default_factory=...) is a function, not {default_factory!r}: write field(default=...)")
    has_default = default is not MISSING or default_factory is not None
    if not has_default and ignore_default is not MISSING:
        default, ignore_default = _former_default(ignore_default)
    if ignore_default not in (MISSING, None) and not isinstance(ignore_default, bool):
        raise TypeError(f"field(ignore_default=...) is True or False when there is a default, not {ignore_default!r}")
    return FieldOptions(
        default=default,
        factory=default_factory,
        ignore_default=ignore_default is True,
        ignore_generated=ignore_generated,
        overrides=overrides,
        groups=groups_of("groups", groups),
    )


def _former_default(ignored: object) -> tuple[object, bool]:
    """What ``field(ignore_default=...)`` alone means: a default that is ignored, or nothing where it is a boolean."""
    if isinstance(ignored, bool):
        message = (
            f"field(ignore_default={ignored}) has no default to ignore, and says nothing: write field(default=...)"
        )
    else:
        message = (
            f"field(ignore_default={ignored!r}) is deprecated: write field(default={ignored!r}, ignore_default=True)"
        )
    warnings.warn(message, DeprecationWarning, stacklevel=3)
    return (MISSING, False) if isinstance(ignored, bool) else (ignored, True)
