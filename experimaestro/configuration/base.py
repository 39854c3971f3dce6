"""The classes that experiments declare for their parameters."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Annotated, Any, TypeVar, dataclass_transform, overload

import attrs

from experimaestro._types import DirtyGitAction

T = TypeVar("T")


class WrittenMarker:
    """Marks values that remember which file wrote them until their type is known: paths are relative to it."""


Written = Annotated[Any, WrittenMarker]
"""A value of any type. Any: of parameters of any type."""


@overload
def configuration(cls: type[T]) -> type[T]: ...
@overload
def configuration(cls: None = None) -> Callable[[type[T]], type[T]]: ...
@dataclass_transform(kw_only_default=True, field_specifiers=(attrs.field,))
def configuration(cls: type[T] | None = None) -> type[T] | Callable[[type[T]], type[T]]:
    """Makes an attrs class of the parameters of an experiment, or of a part of them.

    Its arguments are keyword-only, it compares by value, and lists, dictionaries and sets given as defaults are
    copied for each object.
    """
    return _attrs_class if cls is None else _attrs_class(cls)


def _attrs_class(cls: type[T]) -> type[T]:
    """Subclasses of `ConfigurationBase` come twice, when created and from the decorator."""
    if "__attrs_attrs__" in vars(cls):
        return cls
    return attrs.define(cls, kw_only=True, slots=False, unsafe_hash=True, field_transformer=_copy_defaults)


def _copy_defaults(_: type, fields: list[attrs.Attribute[Any]]) -> list[attrs.Attribute[Any]]:
    return [_copying_default(field) for field in fields]


def _copying_default(field: attrs.Attribute[Any]) -> attrs.Attribute[Any]:  # Any: fields are of all types
    default = field.default
    return field.evolve(default=attrs.Factory(lambda: copy.deepcopy(default))) if _is_mutable(default) else field


def _is_mutable(default: object) -> bool:
    return isinstance(default, list | dict | set) or attrs.has(type(default))


@dataclass_transform(kw_only_default=True, field_specifiers=(attrs.field,))
class _Transform:
    """Type checkers give fields to the subclasses of the class that is marked, not to that class."""

    def __init_subclass__(cls, **arguments: Any) -> None:  # Any: as for `object`, they belong to other bases
        super().__init_subclass__(**arguments)
        _attrs_class(cls)


class ConfigurationBase(_Transform):
    """What every experiment has: subclass it, and name the subclass in the annotation of `run`."""

    id: str
    """The name of the experiment."""
    file: str | None = "experiment"
    """The Python file of the experiment, relative to the YAML file; the suffix may be left out."""
    module: str | None = None
    """The Python module of the experiment, instead of a file."""
    pythonpath: list[str] | None = None
    """Directories where modules are searched, relative to the YAML file; the one of `file` by default."""
    parent: str | None = None
    """Deprecated: use `imports`."""
    imports: list[str] | None = None
    """YAML files that this one extends, relative to it."""
    pre_experiment: str | None = None
    """A Python file (or module) that is run before the experiment is imported."""
    title: str = ""
    """A title, for people."""
    subtitle: str = ""
    """A second line below the title."""
    paper: str = ""
    """The paper that the experiment is for."""
    description: str = ""
    """What the experiment is about."""
    add_timestamp: bool = False
    """Add the date and time to the identifier."""
    dirty_git: DirtyGitAction = DirtyGitAction.WARN
    """What to do when the project has uncommitted changes."""
    grid_search: dict[str, Written] | None = None
    """Values to try, by dotted path of the parameter: `generate_grid` combines them."""
