"""Configuration classes as YAML files name them: ``$type: module:Class``, or the identifier of a class."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from difflib import get_close_matches
from typing import Final, NamedTuple

from mypy import nodes as n

from experimaestro.configuration.nearest import meant_class
from experimaestro_mypy import configurations

Modules = dict[str, n.MypyFile]

_ABC: Final = "abc.ABC"


class NamedClass(NamedTuple):
    """The class that a name stands for, or the mistake in it, or neither when it is not known."""

    info: n.TypeInfo | None
    mistake: str | None = None


def named(name: str, given: Collection[str], declared: n.TypeInfo, modules: Modules) -> NamedClass:
    """What ``$type`` names beside other keys: ``module:Class`` or an identifier."""
    module, separator, path = name.partition(":")
    if not separator:
        return _identified(name, declared, modules)
    home = modules.get(module)
    if home is None:
        return NamedClass(None, _near_mistake(name, declared, modules))
    info = _in_module(home, path)
    if info is not None and info.has_base(declared.fullname) and not info.is_abstract:
        return NamedClass(info)
    if info is None and "__getattr__" in home.names:
        return NamedClass(None)
    return NamedClass(None, f"found {name!r}, {_wrong(info, name, declared)}{_hint(name, given, declared, modules)}")


def _wrong(info: n.TypeInfo | None, name: str, declared: n.TypeInfo) -> str:
    if info is None:
        module, _, path = name.partition(":")
        return f"and {module} has no {path}"
    return "which is abstract" if info.has_base(declared.fullname) else f"which is no subclass of {declared.name}"


def _hint(name: str, given: Collection[str], declared: n.TypeInfo, modules: Modules) -> str:
    """The class that was perhaps meant: none that is there to be derived from only."""
    classes = [info for info in below(declared, modules) if not any(base.type.fullname == _ABC for base in info.bases)]
    return meant_class(name, {type_name(info): configurations.parameters(info) for info in classes}, given)


def _near_mistake(name: str, declared: n.TypeInfo, modules: Modules) -> str | None:
    """Of a module that is not in the program: a mistake if it is nearly that of a known class."""
    near = get_close_matches(name, [type_name(info) for info in below(declared, modules)], n=1, cutoff=0.85)
    return f"found {name!r}, a module that is not known; did you mean {near[0]!r}?" if near else None


def _identified(name: str, declared: n.TypeInfo, modules: Modules) -> NamedClass:
    known = {_identifier(info): info for info in below(declared, modules)}
    if name.lower() in known:
        return NamedClass(known[name.lower()])
    classes = {info.name: type_name(info) for info in known.values()}
    near = get_close_matches(name, [*known, *classes], n=1, cutoff=0.8)
    if not near:
        return NamedClass(None)
    meant = classes.get(near[0], near[0])
    return NamedClass(
        None, f"found {name!r}, expected the identifier of a class or module:Class; did you mean {meant!r}?"
    )


def _identifier(info: n.TypeInfo) -> str:
    return (configurations.record_of(info).identifier or info.fullname).lower()


def type_name(info: n.TypeInfo) -> str:
    path = info.fullname.removeprefix(f"{info.module_name}.")
    return f"{info.module_name}:{path}"


def below(declared: n.TypeInfo, modules: Modules) -> Iterator[n.TypeInfo]:
    """The concrete classes of the program that derive from one, itself included."""
    for module in modules.values():
        for symbol in module.names.values():
            info = symbol.node
            if isinstance(info, n.TypeInfo) and info.module_name == module.fullname and not info.is_abstract:
                yield from [info] * info.has_base(declared.fullname)


def _in_module(module: n.MypyFile, path: str) -> n.TypeInfo | None:
    table: n.SymbolTable = module.names
    info: n.TypeInfo | None = None
    for part in path.split("."):
        symbol = table.get(part)
        info = symbol.node if symbol is not None and isinstance(symbol.node, n.TypeInfo) else None
        if info is None:
            return None
        table = info.names
    return info
