"""The class of the instances of a configuration class, when it is another one."""

from __future__ import annotations

from experimaestro.core.environment import Env
from experimaestro.core.state import ObjectType
from experimaestro.exceptions import ExperimaestroError


class ValueClassError(ExperimaestroError, TypeError):
    """A class cannot be that of the instances of a configuration class."""


def implement(objecttype: ObjectType, value_type: type) -> None:
    """Makes a class that of the instances.

    Raises ValueClassError.
    """
    for base in (objecttype.originaltype, *(parent.value_type for parent in objecttype.parents())):
        if not issubclass(value_type, base):
            raise ValueClassError(f"{value_type.__qualname__} must be a subclass of {base.__qualname__}")
    known = objecttype.value_type
    if known is not objecttype.originaltype and _name(known) != _name(value_type) and Env.instance().taskpath is None:
        name = objecttype.originaltype.__qualname__
        raise ValueClassError(
            f"{name} has a value class already, {_name(known)}: a second one, {_name(value_type)}, would replace it "
            f"(for two kinds of instances, write two subclasses of {name}, each with its value class)"
        )
    objecttype.value_type = value_type


def refuse_bare(declaration: type) -> None:
    """Raises ValueClassError: the decorator is used without call."""
    name = declaration.__qualname__
    raise ValueClassError(f"{name}.value_class is called: write @{name}.value_class()")


def _name(kind: type) -> str:
    """The same for a class that is defined again, as in a notebook."""
    return f"{kind.__module__}.{kind.__qualname__}"
