"""Options of a click command, taken from the parameters of configuration classes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from experimaestro.core.checkers import Choices
from experimaestro.core.composites import UnionType
from experimaestro.core.config import Config
from experimaestro.core.state import Argument
from experimaestro.core.values import ConfigType, EnumType, LiteralType, PathType, ScalarType
from experimaestro.exceptions import ExperimaestroError, did_you_mean

F = TypeVar("F", bound="Callable[..., Any] | click.Command")

__all__ = ["click", "forwardoption"]


class ForwardedOptionError(ExperimaestroError, TypeError):
    """A parameter cannot be an option."""


class _ForwardOption:
    """The path of a parameter, from a class to those of its parameters."""

    def __init__(self, *path: str) -> None:
        self._path = path

    def __getattr__(self, name: str) -> _ForwardOption:
        if name.startswith("__"):  # Python looks for such names
            raise AttributeError(name)
        return _ForwardOption(*self._path, name)

    def __call__(
        self,
        declaration: type[Config],
        option_name: str | None = None,
        **attributes: Any,  # Any: attributes of the option, click checks them
    ) -> Callable[[F], F]:
        """Decorates a command with an option that has the help, the type and the default of the parameter.

        :param declaration: the class that declares it.
        :param option_name: the name of the option; that of the parameter by default.
        :param attributes: other attributes of the option, such as `default`.
        :raises ForwardedOptionError: when there is no such parameter, or its type cannot be that of an option.
        """
        if not self._path:
            raise ForwardedOptionError("name a parameter: forwardoption.epochs(Training)")
        argument = _find(declaration, self._path)
        name = option_name or "-".join(self._path)
        return click.option(f"--{name.replace('_', '-')}", **{**_attributes(argument), **attributes})


forwardoption: Final = _ForwardOption()
"""``@forwardoption.epochs(Training)`` adds ``--epochs`` to a command; ``forwardoption.optimizer.rate(Training)`` goes
through the parameter `optimizer`."""


def _find(declaration: type[Config], path: tuple[str, ...]) -> Argument:
    arguments = declaration.__getxpmtype__().arguments
    argument = arguments.get(path[0])
    if argument is None:
        hint = did_you_mean(path[0], arguments)
        raise ForwardedOptionError(f"{declaration.__qualname__} has no parameter {path[0]!r}{hint}")
    if len(path) == 1:
        return argument
    if not (isinstance(argument.type, ConfigType) and issubclass(argument.type.declaration, Config)):
        raise ForwardedOptionError(f"{declaration.__qualname__}.{path[0]} is no configuration: {argument.type.name}")
    return _find(argument.type.declaration, path[1:])


def _attributes(argument: Argument) -> dict[str, Any]:  # Any: attributes of the option
    known: dict[str, Any] = {"help": argument.help, **_kind(argument)}
    if argument.default is not None:
        return {**known, "default": argument.default}
    return {**known, "required": argument.required}


def _kind(argument: Argument) -> dict[str, Any]:  # Any: as above
    kind = argument.type
    if isinstance(kind, UnionType) and len(kind.concrete) == 1:
        kind = kind.concrete[0]
    if isinstance(argument.checker, Choices):
        return _one_of({str(value): value for value in argument.checker.choices})
    if isinstance(kind, LiteralType):
        return _one_of({str(value): value for value in kind.choices})
    if isinstance(kind, EnumType):
        return _one_of(kind.enum.__members__)
    if isinstance(kind, PathType):
        return {"type": click.Path(path_type=Path)}
    if isinstance(kind, ScalarType):
        return {"type": kind.kind}
    raise ForwardedOptionError(f"{argument.objecttype.name()}.{argument.name} cannot be an option: it is {kind.name}")


def _one_of(values: Mapping[str, object]) -> dict[str, Any]:  # Any: as above
    return {"type": _AnyOf(values), "metavar": f"[{'|'.join(values)}]"}


if TYPE_CHECKING:
    _ParamType = click.ParamType[Any]
else:
    _ParamType = click.ParamType  # generic since click 8.2 only


class _AnyOf(_ParamType):
    """One of some values, given by their texts."""

    name = "choice"

    def __init__(self, values: Mapping[str, object]) -> None:
        self.values = values

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Any: what click gives and wants; a default is a value already."""
        if isinstance(value, str) and value in self.values:
            return self.values[value]
        if value not in self.values.values():
            known = ", ".join(self.values)
            self.fail(f"found {value!r}, expected one of {known}{did_you_mean(str(value), self.values)}", param, ctx)
        return value
