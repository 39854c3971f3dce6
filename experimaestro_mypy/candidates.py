"""``outer @ inner``: the parameters of a class that may take a configuration of another one."""

from __future__ import annotations

from typing import NamedTuple

from mypy import nodes as n
from mypy import types as t

from experimaestro_mypy import configurations
from experimaestro_mypy.configurations import Declared


class Candidates(NamedTuple):
    """The parameters of a class, by what is known of them."""

    certain: list[str]
    """Those that take it."""
    possible: list[str]
    """Those that take it if it is of some subclass of its class, or whose type is not known."""


def candidates(outer: n.TypeInfo, inner: n.TypeInfo) -> Candidates:
    """The parameters of a class that may take a configuration of another one."""
    found = Candidates([], [])
    for name, declared in configurations.parameters(outer).items():
        accepted = accepted_class(outer, declared)
        if accepted is None:
            if is_open(outer, declared):
                found.possible.append(name)
        elif inner.has_base(accepted.fullname):
            found.certain.append(name)
        elif accepted.has_base(inner.fullname):
            found.possible.append(name)
    return found


def accepted_class(owner: n.TypeInfo, declared: Declared) -> n.TypeInfo | None:
    """The configuration class that a parameter is declared with, `Optional` or not."""
    parts = _parts(owner, declared)
    only = parts[0] if len(parts) == 1 else None
    info = only.type if isinstance(only, t.Instance) else None
    return info if info is not None and configurations.is_configuration(info) else None


def is_optional(owner: n.TypeInfo, declared: Declared) -> bool:
    """Whether None is a value of a parameter: it needs none."""
    kind = t.get_proper_type(configurations.type_of(owner, declared))
    items = kind.items if isinstance(kind, t.UnionType) else [kind]
    return any(isinstance(t.get_proper_type(item), (t.NoneType, t.AnyType)) for item in items)


def is_open(owner: n.TypeInfo, declared: Declared) -> bool:
    """Whether a parameter may take configurations of classes that its declaration does not name."""
    return any(isinstance(part, (t.AnyType, t.TypeVarType)) for part in _parts(owner, declared))


def _parts(owner: n.TypeInfo, declared: Declared) -> list[t.ProperType]:
    kind = t.get_proper_type(configurations.type_of(owner, declared))
    items = kind.items if isinstance(kind, t.UnionType) else [kind]
    parts = [t.get_proper_type(item) for item in items]
    return [part for part in parts if not isinstance(part, t.NoneType)]
