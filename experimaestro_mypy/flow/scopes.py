"""The functions of a module: which of them can be followed, and the names that they share with other code."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Collection, Iterator
from collections.abc import Set as AbstractSet
from functools import cached_property
from typing import Final
from weakref import WeakKeyDictionary

from mypy import nodes as n

from experimaestro_mypy import configurations
from experimaestro_mypy.unit import Module, Unit
from experimaestro_mypy.walk import walk

WORDS: Final = frozenset({"C", "XPMConfig", "submit", "instance", "copyconfig", "setmeta", "execute"})
"""What plans call to do something with configurations."""


class Functions:
    """The functions and methods of a module."""

    def __init__(self, module: Module) -> None:
        self._module = module.file
        self._units = module.units
        self._modules = module.modules
        self._captured: dict[n.FuncItem | None, set[n.SymbolNode]] = {}

    @cached_property
    def of_interest(self) -> AbstractSet[str]:
        """The names of those that do something with configurations, perhaps through others."""
        found = {function.name for unit in self._units if has_words(unit) for function in unit.functions}
        rest = [(unit, set(_called(unit))) for unit in self._units if not has_words(unit)]
        while True:
            added = {f.name for unit, used in rest if not found.isdisjoint(used) for f in unit.functions} - found
            if not added:
                return found
            found |= added

    @cached_property
    def _single(self) -> Collection[n.FuncDef]:
        found = list(_defined(self._units))
        counts = Counter(place for place, _ in found)
        again = {name for unit in self._units for name in _assigned(unit)}
        return {f for place, f in found if counts[place] == 1 and f.name not in again}

    @cached_property
    def methods(self) -> AbstractSet[str]:
        """The names of the methods and properties of ordinary classes that do something with configurations."""
        found = {f for unit in self._units for f in unit.functions if f.info and f.name in self.of_interest}
        return {f.name for f in found if not (f.name.startswith("__") or configurations.is_configuration(f.info))}

    @cached_property
    def overridden(self) -> AbstractSet[tuple[str, str]]:
        """The attributes of classes of the module that a subclass has too, as far as subclasses are known."""
        near = [definition.info for unit in self._units for definition in unit.of(n.ClassDef)]
        return {
            (base.fullname, name)
            for info in (*near, *self._distant())
            for base in info.mro[1:]
            if base.module_name == self._module.fullname
            for name in info.names
        }

    def _distant(self) -> Iterator[n.TypeInfo]:
        """The classes of other modules that are loaded already."""
        for name, file in self._modules.items():
            if name.partition(".")[0] not in sys.stdlib_module_names and file is not self._module:
                for symbol in file.names.values():
                    if isinstance(symbol.node, n.TypeInfo) and symbol.node.module_name == name:
                        yield symbol.node

    def is_definite(self, function: n.FuncDef) -> bool:
        """Whether a function is defined in the module, once, and nothing replaces it."""
        return function in self._single and not function.is_conditional

    def captured(self, function: n.FuncItem | None) -> set[n.SymbolNode]:
        """The variables of a function, or of the top level, that other code sees too."""
        if function not in self._captured:
            self._captured[function] = _captured(self._module, function)
        return self._captured[function]


_FUNCTIONS: Final[WeakKeyDictionary[Module, Functions]] = WeakKeyDictionary()


def functions_of(module: Module) -> Functions:
    """The functions of a module: looked for once."""
    known = _FUNCTIONS.get(module)
    if known is None:
        known = _FUNCTIONS[module] = Functions(module)
    return known


def has_words(unit: Unit) -> bool:
    """Whether code does something with configurations."""
    return any(reference.name in WORDS for reference in unit.of(n.MemberExpr)) or any(
        name.name in WORDS for name in unit.of(n.NameExpr)
    )


def _defined(units: list[Unit]) -> Iterator[tuple[tuple[n.FuncDef | None, str, str], n.FuncDef]]:
    """The functions of a module, each with the place where it is defined."""
    for unit in units:
        for function in unit.functions:
            around = unit.function if function is not unit.function else None
            owner = function.info.fullname if function.info else ""
            yield (around, owner, function.name), function


def _called(unit: Unit) -> Iterator[str]:
    for call in unit.of(n.CallExpr):
        if isinstance(call.callee, (n.NameExpr, n.MemberExpr)):
            yield call.callee.name


def _assigned(unit: Unit) -> Iterator[str]:
    """The names of what code replaces: functions, and methods, whatever they belong to."""
    for statement in unit.of(n.AssignmentStmt):
        for target in statement.lvalues:
            if isinstance(target, n.MemberExpr) or (isinstance(target, n.NameExpr) and _is_function(target.node)):
                yield target.name


def _is_function(node: n.SymbolNode | None) -> bool:
    return isinstance(node, (n.FuncDef, n.Decorator, n.OverloadedFuncDef))


def _captured(file: n.MypyFile, function: n.FuncItem | None) -> set[n.SymbolNode]:
    roots: list[n.Node] = list(file.defs) if function is None else [function]
    nodes = [node for root in roots for node in walk(root)]
    nested = [node for node in nodes if isinstance(node, n.FuncItem) and node is not function]
    inner = {
        name.node for other in nested for name in walk(other) if isinstance(name, n.NameExpr) and name.node is not None
    }
    return inner if function is None else inner | _outer(nodes)


def _outer(nodes: list[n.Node]) -> set[n.SymbolNode]:
    """The variables that the code of a function takes from around it."""
    written = [name for name in nodes if isinstance(name, n.NameExpr) and name.kind == n.GDEF]
    declared = {name for node in nodes if isinstance(node, (n.GlobalDecl, n.NonlocalDecl)) for name in node.names}
    named = [name for name in nodes if isinstance(name, n.NameExpr) and name.name in declared] if declared else []
    return {name.node for name in [*written, *named] if name.node is not None}
