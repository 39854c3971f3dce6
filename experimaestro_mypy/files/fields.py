"""Which fields of a class take several values to try: mypy's types do not tell, `GridSearch[T]` is T for them.

It is read when a class is analysed, and kept with it in mypy's cache.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from mypy import nodes as n
from mypy import types as t
from mypy.plugin import ClassDefContext, SemanticAnalyzerPluginInterface
from mypy.plugins import attrs, dataclasses

from experimaestro_mypy import names

GRID_SEARCH: Final = f"{names.PACKAGE}.configuration.grids.GridSearch"
GRID_MARKER: Final = f"{names.PACKAGE}.configuration.grids.GridMarker"
CONFIGURATION: Final = f"{names.PACKAGE}.configuration.base.configuration"

METADATA: Final = "experimaestro.grids"
"""The key of the names of these fields in `TypeInfo.metadata`."""

_ANNOTATED: Final = ("typing.Annotated", "typing_extensions.Annotated")

_TAGS: Final[Mapping[str, Callable[[ClassDefContext], None]]] = {
    CONFIGURATION: dataclasses.dataclass_tag_callback,
    **dict.fromkeys(dataclasses.dataclass_makers, dataclasses.dataclass_tag_callback),
    **dict.fromkeys(attrs.attr_class_makers, attrs.attr_tag_callback),
    **dict.fromkeys(attrs.attr_define_makers, attrs.attr_tag_callback),
    **dict.fromkeys(attrs.attr_frozen_makers, attrs.attr_tag_callback),
    **dict.fromkeys(attrs.attr_dataclass_makers, attrs.attr_tag_callback),
}
"""What mypy itself does at these decorators, which must still be done."""


def decorator_hook(fullname: str) -> Callable[[ClassDefContext], None] | None:
    """What to do at a decorator of a class."""
    tag = _TAGS.get(fullname)
    if tag is None:
        return None

    def remember_and_tag(context: ClassDefContext) -> None:
        tag(context)
        remember(context)

    return remember_and_tag


def remember(context: ClassDefContext) -> None:
    """Keeps the names of the fields that take several values."""
    found = list(_grids(context.cls, context.api))
    if found:
        context.cls.info.metadata[METADATA] = {"names": found}


def grids(info: n.TypeInfo) -> set[str]:
    """The fields of a class and of its parents that take several values."""
    return {name for base in info.mro for name in base.metadata.get(METADATA, {}).get("names", ())}


def _grids(definition: n.ClassDef, api: SemanticAnalyzerPluginInterface) -> Iterator[str]:
    for statement in definition.defs.body:
        if isinstance(statement, n.AssignmentStmt) and _is_grid(statement.unanalyzed_type, definition, api):
            yield from (target.name for target in statement.lvalues if isinstance(target, n.NameExpr))


def _is_grid(kind: t.Type | None, definition: n.ClassDef, api: SemanticAnalyzerPluginInterface) -> bool:
    if not isinstance(kind, t.UnboundType):
        return False
    symbol = api.lookup_qualified(kind.name, definition, suppress_errors=True)
    if symbol is None or symbol.fullname not in _ANNOTATED:
        return symbol is not None and symbol.fullname == GRID_SEARCH
    markers = [argument.name for argument in kind.args[1:] if isinstance(argument, t.UnboundType)]
    marked = [api.lookup_qualified(name, definition, suppress_errors=True) for name in markers]
    return any(symbol is not None and symbol.fullname == GRID_MARKER for symbol in marked)
