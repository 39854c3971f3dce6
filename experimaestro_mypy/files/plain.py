"""Classes without fields that a file could give: those of the program that nothing makes into more."""

from __future__ import annotations

from typing import Final

from mypy import nodes as n

from experimaestro_mypy import names, sources

_LIBRARIES: Final = ("/site-packages/", "/dist-packages/", "/typeshed/")
_EMPTY: Final = ("builtins.object", "abc.ABC", "typing.Generic")
_METACLASSES: Final = ("builtins.type", "abc.ABCMeta")
_STRUCTURING: Final = f"{names.PACKAGE}.structuring"


def is_plain(info: n.TypeInfo, modules: dict[str, n.MypyFile]) -> bool:
    """Whether the loader refuses values of a class: one of the program, whose source says that it is no more."""
    mine = [base for base in info.mro if base.fullname not in _EMPTY]
    return bool(mine) and all(_is_bare(base, modules) for base in mine) and not _has_hooks(modules)


def _is_bare(info: n.TypeInfo, modules: dict[str, n.MypyFile]) -> bool:
    home = modules.get(info.module_name)
    if home is None or home.is_stub or info.module_name.startswith(names.PACKAGE) or _is_of_library(home):
        return False
    is_special = info.is_protocol or info.is_enum or info.is_newtype or info.typeddict_type or info.tuple_type
    metaclass = info.metaclass_type
    has_metaclass = metaclass is not None and metaclass.type.fullname not in _METACLASSES
    if is_special or has_metaclass or "__init_subclass__" in info.names:
        return False
    return sources.is_undecorated(home.path, info.name)


def _is_of_library(file: n.MypyFile) -> bool:
    return any(library in file.path for library in _LIBRARIES)


def _has_hooks(modules: dict[str, n.MypyFile]) -> bool:
    """Whether the program may teach the loader more classes."""
    ours = [file for name, file in modules.items() if not name.startswith(names.PACKAGE) and not _is_of_library(file)]
    return any(
        symbol.node is not None and symbol.node.fullname.startswith(_STRUCTURING)
        for file in ours
        for symbol in file.names.values()
    )
