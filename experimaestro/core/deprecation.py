"""Former classes and parameters."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from types import FunctionType
from typing import Any, TypeVar, overload

from experimaestro.core.assignment import DeprecatedAttribute
from experimaestro.core.callers import names_of_caller
from experimaestro.core.state import Declared
from experimaestro.exceptions import ExperimaestroError

D = TypeVar("D", bound=type[Declared])


class DeprecationError(ExperimaestroError, TypeError):
    """`deprecate` is used on something that it cannot deprecate."""


@overload
def deprecate(target: Callable[[Any, Any], None], /) -> Any: ...  # Any: a former parameter can be given any value
@overload
def deprecate(target: type[Declared], /) -> Any: ...  # Any: the class itself, or a decorator (see the two forms)
@overload
def deprecate(target: type[Declared] | None = None, /, *, replace: bool = False) -> Callable[[D], D]: ...
def deprecate(target: Any = None, /, *, replace: bool = False) -> Any:  # Any: see the overloads
    """Marks a class or a parameter as a former one, whose results are still found.

    - ``@deprecate`` on a method: a former parameter; giving it a value calls the method;
    - ``@deprecate`` on a class with one configuration class as its base: it takes the identifier of its base;
    - ``@deprecate(Target)``: it is identified as what its method ``__convert__`` returns, a `Target` configuration;
      with ``replace=True``, building it builds that configuration.

    Raises DeprecationError.
    """
    if isinstance(target, FunctionType):
        return DeprecatedAttribute(target)
    if target is None:
        return _deprecate_for_base
    if not (isinstance(target, type) and issubclass(target, Declared)):
        raise DeprecationError(f"found {target!r}, expected a configuration class or a method")
    replacement: type[Declared] = target
    if not _is_bound(replacement, names_of_caller(1)):
        return _deprecate_for_base(replacement)

    def decorate(declaration: D) -> D:
        return _deprecate(declaration, replacement, replace=replace)

    return decorate


def _is_bound(declaration: type, namespace: Mapping[str, object]) -> bool:
    """Whether a class has its name already: if not, it is being decorated."""
    if declaration in namespace.values():
        return True
    value: object = sys.modules.get(declaration.__module__)
    for part in declaration.__qualname__.split("."):
        value = getattr(value, part, None)
    return value is declaration


def _deprecate_for_base(declaration: D) -> D:
    bases = [base for base in declaration.__bases__ if issubclass(base, Declared)]
    if len(bases) != 1:
        raise DeprecationError(
            f"{declaration.__qualname__} has {len(bases)} configuration classes as bases: say which one replaces it, "
            "@deprecate(Target)"
        )
    return _deprecate(declaration, bases[0], replace=False)


def _check_announced(declaration: type[Declared], target: type[Declared]) -> None:
    """What `__convert__` says that it returns may be known already. It may return another deprecated class."""
    function: object = vars(declaration).get("__convert__")
    annotations: Mapping[str, object] = getattr(function, "__annotations__", {})
    announced = annotations.get("return", target)
    if announced in (None, "None"):
        found = "None"
    elif isinstance(announced, type) and issubclass(announced, Declared) and not _leads_to(announced, target):
        found = announced.__qualname__
    else:
        return
    raise DeprecationError(
        f"{declaration.__qualname__}.__convert__ returns {found}, expected a {target.__qualname__} configuration: "
        f"write def __convert__(self) -> {target.__qualname__}, and return {target.__qualname__}.C(...)"
    )


def _leads_to(announced: type[Declared], target: type[Declared]) -> bool:
    return (
        issubclass(announced, target)
        or issubclass(target, announced)
        or announced.__getxpmtype__().identifier == target.__getxpmtype__().identifier
    )


def _deprecate(declaration: D, target: type[Declared], *, replace: bool) -> D:
    objecttype = declaration.__getxpmtype__()
    if objecttype.deprecated:
        raise DeprecationError(f"{declaration.__qualname__} is deprecated already")
    converts = hasattr(declaration, "__convert__")
    if not converts and not issubclass(declaration, target):
        raise DeprecationError(
            f"{declaration.__qualname__} needs a method __convert__(self) that returns a {target.__qualname__} "
            "configuration"
        )
    _check_announced(declaration, target)
    objecttype.identifier = target.__getxpmtype__().identifier
    objecttype.deprecated, objecttype.converts = True, converts
    objecttype.replaces = replace and converts
    objecttype.replacement = target
    return declaration
