"""What the system calls in the classes of users, looked at before anything runs."""

from __future__ import annotations

import logging
from types import CodeType, FunctionType
from typing import Final
from weakref import WeakSet

from experimaestro.core.generators import PathGenerator
from experimaestro.core.state import ObjectType
from experimaestro.exceptions import ExperimaestroError


class UnusableMethodError(ExperimaestroError, TypeError):
    """A method cannot be called as the system calls it, or does nothing."""


LOGGER: Final = logging.getLogger("xpm")

_VARIADIC: Final = 0x04  # of the flags of `inspect`, which is slow to import
_ASYNCHRONOUS: Final = 0x80 | 0x200
_GENERATOR: Final = 0x20

_PLACEHOLDERS: Final = "experimaestro.core.config"
"""Where the methods are that users define."""

_CHECKED: Final[WeakSet[type]] = WeakSet()


def check_methods(objecttype: ObjectType) -> None:
    """Makes sure that what a job, or the experiment, calls in a class can be called.

    Raises UnusableMethodError.
    """
    value_type: type = objecttype.value_type
    if value_type in _CHECKED:
        return
    if objecttype.is_executable:
        _check_instantiable(value_type)
        check_method(value_type, "execute")
    if objecttype.is_task:
        check_method(value_type, "task_outputs", "dep")
        check_method(value_type, "__submit__", "dep", "add_action")
    if objecttype.is_preparation:
        check_method(value_type, "prepare")
    _warn_of_unused_groups(objecttype)
    _CHECKED.add(value_type)


def _warn_of_unused_groups(objecttype: ObjectType) -> None:
    """A class may share paths for the groups of its subclasses only: this is no error."""
    known = {group for argument in objecttype.arguments.values() for group in argument.groups}
    for argument in objecttype.generated:
        partial = argument.generator.partial if isinstance(argument.generator, PathGenerator) else None
        if partial is None or argument.objecttype is not objecttype:
            continue
        if unused := partial.exclude_groups - known:
            LOGGER.warning(
                "%s: the partial %r leaves out the parameters of group %s, and there are none: "
                "write field(groups=[...]) where they are declared",
                objecttype.name(),
                partial.name,
                ", ".join(sorted(repr(group.name) for group in unused)),
            )


def check_defined(objecttype: ObjectType) -> None:
    """Makes sure that what is to be run does something.

    Raises UnusableMethodError.
    """
    if objecttype.is_executable and _is_placeholder(_holder(objecttype.value_type, "execute")):
        name = objecttype.name()
        raise UnusableMethodError(f"{name} defines no execute(self): its job would have nothing to do")


def check_method(kind: type, name: str, *given: str) -> None:
    """Makes sure that a method can be called with `self` and so many arguments, and works when it is.

    What is no plain function is trusted: nothing is known of what it takes.

    Raises UnusableMethodError.
    """
    function = _defined(kind, name)
    if function is None:
        return
    code = function.__code__
    if code.co_flags & (_ASYNCHRONOUS | _GENERATOR) and not given:  # an output can be anything
        what = "is asynchronous" if code.co_flags & _ASYNCHRONOUS else "is a generator (it has `yield`)"
        raise _error(kind, function, f"{what}: nothing would run it, write a plain def {name}(self)")
    wanted = f"def {name}({', '.join(('self', *given))})"
    if missing := _missing(function, 1 + len(given)):
        advice = f" (what it needs is a parameter of the class: {missing[0]}: Param[...])" if not given else ""
        raise _error(kind, function, f"nothing gives it {', '.join(missing)}: write {wanted}{advice}")
    if code.co_argcount < 1 + len(given) and not code.co_flags & _VARIADIC:
        raise _error(kind, function, f"it is given {', '.join(('self', *given))}: write {wanted}")


def _check_instantiable(kind: type) -> None:
    abstract: frozenset[str] = getattr(kind, "__abstractmethods__", frozenset())
    if abstract:
        raise UnusableMethodError(
            f"{kind.__module__}.{kind.__qualname__} is abstract: it defines no {', '.join(sorted(abstract))}"
        )


def _defined(kind: type, name: str) -> FunctionType | None:
    """The method as users define it; None if they do not, or if it is something else than a function."""
    holder = _holder(kind, name)
    found: object = None if holder is None else vars(holder)[name]
    return found if isinstance(found, FunctionType) and not _is_placeholder(holder) else None


def _holder(kind: type, name: str) -> type | None:
    """The class that a method comes from."""
    return next((base for base in kind.__mro__ if name in vars(base)), None)


def _is_placeholder(holder: type | None) -> bool:
    return holder is not None and holder.__module__ == _PLACEHOLDERS


def _missing(function: FunctionType, given: int) -> list[str]:
    """The arguments without default that a call with so many positional ones leaves out."""
    code = function.__code__
    required = code.co_varnames[: code.co_argcount - len(function.__defaults__ or ())]
    keywords = code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]
    return [*required[given:], *(name for name in keywords if name not in (function.__kwdefaults__ or {}))]


def _error(kind: type, function: FunctionType, problem: str) -> UnusableMethodError:
    code = function.__code__
    found = f"{kind.__module__}.{kind.__qualname__}.{function.__name__}({', '.join(_arguments(code))})"
    return UnusableMethodError(f"{code.co_filename}:{code.co_firstlineno}: {found}: {problem}")


def _arguments(code: CodeType) -> tuple[str, ...]:
    return code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
