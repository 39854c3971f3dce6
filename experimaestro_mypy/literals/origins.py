"""Where the values of expressions come from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Final, NamedTuple

from mypy import nodes as n

from experimaestro_mypy import names
from experimaestro_mypy.literals.bindings import Binding, Bindings, bindings_of
from experimaestro_mypy.literals.conditions import Asked, is_about, mentioned
from experimaestro_mypy.literals.places import Places
from experimaestro_mypy.literals.tables import is_global, is_only_read
from experimaestro_mypy.literals.values import UNKNOWN, is_false, literal_of
from experimaestro_mypy.unit import Module, Unit

Shape = n.Expression | tuple["Shape", ...]
"""What a loop gives at each turn: an expression of the code, or a tuple of them."""

_MOST: Final = 300
"""Where there is more to follow, nothing is known."""

_TABLES: Final = (n.DictExpr, n.ListExpr, n.SetExpr)
_COPIES: Final = frozenset(
    f"builtins.{name}" for name in ("list", "tuple", "set", "frozenset", "sorted", "reversed", "iter")
)


class Origin(NamedTuple):
    """Where a value may come from."""

    expression: n.Expression
    """What stands in the code: a literal, or what is not known."""
    is_doubtful: bool = False
    """Whether it is only perhaps used: another value may replace it, or another key be asked for."""


class Origins:
    """Finds where the values of one unit come from.

    A value is its own origin where not all is known of it, and where the code asks before what it is.
    """

    def __init__(self, module: Module, unit: Unit) -> None:
        self._module = module
        self._unit = unit

    @cached_property
    def _places(self) -> Places:
        return Places(self._module, self._unit)

    @property
    def _bindings(self) -> Bindings:
        return bindings_of(self._unit)

    def of(self, value: n.Expression) -> list[Origin]:
        """The origins of a value: itself, or what it is a name for."""
        if isinstance(value, (n.StrExpr, n.IntExpr, n.FloatExpr)):
            return [Origin(value)]
        return self._unless_asked(value, lambda search: search.of(value))

    def items(self, sequence: n.Expression) -> list[Origin]:
        """The origins of the items of a sequence."""
        return self._unless_asked(sequence, lambda search: search.items(sequence))

    def _unless_asked(self, value: n.Expression, find: Callable[[_Search], Iterable[Origin]]) -> list[Origin]:
        search = _Search(self._module, self._unit, self._places)
        found = list(find(search))
        if search.is_lost or (search.deciding and self._is_asked(value, search.deciding)):
            return [Origin(value)]
        return [*found, Origin(value)] if search.is_partial else found

    def _is_asked(self, value: n.Expression, deciding: set[Asked]) -> bool:
        """Whether what decides on a value is asked before it is used."""
        conditions = [one for one in self._places.conditions(value) if not _is_lookup(one, deciding)]
        if not conditions:
            return False
        asked = self._further({each for condition in conditions for each in mentioned(condition)})
        return is_about(asked, self._further(deciding))

    def _further(self, asked: set[Asked]) -> set[Asked]:
        """Names, and those that they are made of."""
        known, waiting = set(asked), list(asked)
        while waiting:
            for binding in self._bindings.of(waiting.pop().name):
                parts = (part for part in (binding.value, binding.target) if part is not None)
                new = {each for part in parts for each in mentioned(part)} - known
                known |= new
                waiting += new
        return known


def _is_lookup(condition: n.Expression, deciding: set[Asked]) -> bool:
    """Whether a condition only asks if a table has a key: all its values remain possible."""
    if not isinstance(condition, n.ComparisonExpr) or condition.operators not in (["in"], ["not in"]):
        return False
    table = condition.operands[1]
    return isinstance(table, n.NameExpr) and any(table.node is each.name for each in deciding)


class _Search:
    """Follows one value. It remembers which names decide on what it finds."""

    def __init__(self, module: Module, unit: Unit, places: Places) -> None:
        self._module = module
        self._unit = unit
        self._places = places
        self._bindings = bindings_of(unit)
        self._following: list[n.Var] = []
        self._left = _MOST
        self.deciding: set[Asked] = set()
        self.is_partial = False
        """Whether there may be other origins than those found."""

    @property
    def is_lost(self) -> bool:
        """Whether there was more to follow than it does."""
        return self._left <= 0

    def items(self, sequence: n.Expression) -> Iterator[Origin]:
        """The origins of the items of a sequence."""
        shapes = self._elements(sequence)
        return (origin for shape in shapes if isinstance(shape, n.Expression) for origin in self.of(shape))

    def of(self, value: n.Expression) -> Iterator[Origin]:
        """The origins of a value."""
        self._left -= 1
        if self.is_lost:
            return
        match value:
            case n.ConditionalExpr():
                yield from self._chosen(value.cond, value.if_expr, value.else_expr)
            case n.OpExpr(op="or"):
                found = self._chosen(value.left, value.left, value.right)
                yield from (origin for origin in found if not is_false(origin.expression))
            case n.NameExpr():
                yield from self._named(value)
            case n.IndexExpr():
                yield from self._looked_up(value, value.base, value.index)
            case n.CallExpr(callee=n.RefExpr(fullname=names.TAG), args=[tagged]):
                yield from self.of(tagged)
            case n.CallExpr(callee=n.MemberExpr(name="get") as method, args=[key, *default]):
                yield from self._looked_up(value, method.expr, key)
                yield from (origin for each in default for origin in self.of(each))
            case _:
                yield Origin(value)

    def _chosen(self, condition: n.Expression, *values: n.Expression) -> Iterator[Origin]:
        self.deciding |= mentioned(condition)
        for value in values:
            yield from self.of(value)

    def _named(self, name: n.NameExpr) -> Iterator[Origin]:
        variable = name.node
        found: list[Origin] = []
        is_open = isinstance(variable, n.Var) and variable not in self._following
        if isinstance(variable, n.Var) and is_open and literal_of(self._module, name) is UNKNOWN:
            self.deciding.add(Asked(variable))
            self._following.append(variable)
            found = list(self._bound(name, variable))
            self._following.pop()
            if any(isinstance(origin.expression, _TABLES) for origin in found) and self._is_changed(variable):
                found = []
        yield from found or [Origin(name)]

    def _is_changed(self, table: n.Var) -> bool:
        is_local = self._unit.function is not None and bool(self._bindings.of(table))
        return not is_only_read(table, [self._unit] if is_local else self._module.units)

    def _bound(self, name: n.NameExpr, variable: n.Var) -> Iterator[Origin]:
        bindings = self._bindings.of(variable)
        is_inside = bool(bindings)
        if self._unit.function is not None:
            is_of_module = "." in variable.fullname
            if is_inside and is_of_module:  # a function that sets a name of the module
                return
            bindings = bindings or bindings_of(self._module.units[0]).of(variable)
        if len(bindings) == 1 and not is_global(self._module, variable):
            yield from self._values(bindings[0])
        elif is_inside:
            yield from self._reaching(name, bindings)

    def _reaching(self, name: n.NameExpr, bindings: list[Binding]) -> Iterator[Origin]:
        """The values of a name that is bound at several places."""
        self.is_partial = True
        stores = [binding.node for binding in bindings]
        loop = self._places.loop_of(name, [binding.node for binding in bindings if binding.is_loop], stores)
        if loop is not None:
            yield from (origin for binding in bindings if binding.node is loop for origin in self._values(binding))
            return
        for binding in bindings:
            for condition in self._places.conditions(binding.node):
                self.deciding |= mentioned(condition)
            if binding.is_assignment and self._places.reaches(binding.node, name, stores):
                yield from (origin._replace(is_doubtful=True) for origin in self._values(binding))

    def _values(self, binding: Binding) -> Iterator[Origin]:
        """What a binding gives to its name; the default, if it is a parameter."""
        if binding.value is None:
            return
        self.is_partial |= isinstance(binding.node, n.Argument)
        self.deciding |= set() if binding.target is None else mentioned(binding.target)
        shapes: list[Shape] = self._elements(binding.value) if binding.is_loop else [binding.value]
        for shape in shapes:
            part = self._part(shape, binding.path)
            if part is None:
                self.is_partial = True
            else:
                yield from self.of(part)

    def _part(self, shape: Shape, path: tuple[int, ...]) -> n.Expression | None:
        """What stands at a place in a tuple."""
        for index in path:
            items = shape if isinstance(shape, tuple) else self._items_of(shape)
            if index >= len(items):
                return None
            shape = items[index]
        return None if isinstance(shape, tuple) else shape

    def _items_of(self, expression: n.Expression) -> tuple[Shape, ...]:
        """The items of a tuple or list that is known; none otherwise."""
        match [origin.expression for origin in self.of(expression)]:
            case [n.TupleExpr(items=items) | n.ListExpr(items=items)] if not _has_star(items):
                return tuple(items)
            case _:
                return ()

    def _looked_up(self, whole: n.Expression, base: n.Expression, key: n.Expression) -> Iterator[Origin]:
        """The values that a table literal may give for a key."""
        tables = [origin.expression for origin in self.of(base)]
        table = tables[0] if len(tables) == 1 else None
        if not isinstance(table, (n.DictExpr, n.ListExpr, n.TupleExpr)):
            yield Origin(whole)
            return
        self.deciding |= mentioned(key)
        keys = [literal_of(self._module, origin.expression) for origin in self.of(key)]
        is_known = UNKNOWN not in keys and not self.is_partial
        for value in _values_in(self._module, table, keys if is_known else None):
            yield from (origin if is_known else origin._replace(is_doubtful=True) for origin in self.of(value))

    def _elements(self, sequence: n.Expression) -> list[Shape]:
        """What a loop over a sequence gives, as far as it is known."""
        self._left -= 1
        if self.is_lost:
            return []
        if isinstance(sequence, n.CallExpr):
            return self._made(sequence)
        found: list[Shape] = []
        for origin in self.of(sequence):
            match origin.expression:
                case n.DictExpr(items=rows):
                    found += [key for key, _ in rows if key is not None]
                case n.ListExpr(items=items) | n.TupleExpr(items=items) | n.SetExpr(items=items):
                    found += [shape for item in items for shape in self._unstarred(item)]
                case n.CallExpr() as call:
                    found += self._made(call)
                case _:
                    self.is_partial = True
        return found

    def _unstarred(self, item: n.Expression) -> list[Shape]:
        return self._elements(item.expr) if isinstance(item, n.StarExpr) else [item]

    def _made(self, call: n.CallExpr) -> list[Shape]:
        """What a loop over a call gives: ``table.items()``, ``enumerate(...)`` and such."""
        match call:
            case n.CallExpr(callee=n.MemberExpr(name="items" | "values" | "keys" as view, expr=table), args=[]):
                return self._viewed(view, table)
            case n.CallExpr(callee=n.RefExpr(fullname=name), args=[first, *_]) if name in _COPIES:
                return self._elements(first)
            case n.CallExpr(callee=n.RefExpr(fullname="builtins.enumerate"), args=[first, *_]):
                return [(call, shape) for shape in self._elements(first)]
            case n.CallExpr(callee=n.RefExpr(fullname="builtins.zip")):
                return self._zipped(call)
            case _:
                self.is_partial = True
                return []

    def _zipped(self, call: n.CallExpr) -> list[Shape]:
        """Items of several sequences together; the call stands for those of sequences that are not known."""
        sequences = [self._elements(sequence) for sequence in call.args]
        size = min((len(items) for items in sequences if items), default=0)
        return list(zip(*(items or [call] * size for items in sequences), strict=False))

    def _viewed(self, view: str, table: n.Expression) -> list[Shape]:
        tables = [origin.expression for origin in self.of(table)]
        self.is_partial |= not all(isinstance(one, n.DictExpr) for one in tables)
        rows = [(k, v) for one in tables if isinstance(one, n.DictExpr) for k, v in one.items if k is not None]
        return [(key, value) if view == "items" else value if view == "values" else key for key, value in rows]


def _has_star(items: Iterable[n.Expression]) -> bool:
    return any(isinstance(item, n.StarExpr) for item in items)


def _values_in(
    module: Module, table: n.DictExpr | n.ListExpr | n.TupleExpr, keys: list[object] | None
) -> Iterator[n.Expression]:
    """What a table holds for keys, or for any key."""
    if isinstance(table, n.DictExpr):
        rows = [(literal_of(module, key), value) for key, value in table.items if key is not None]
        if len(rows) == len(table.items):  # nothing is known of ``**other``, which may have the same keys
            yield from _last(rows, keys) if keys is not None else (value for _, value in rows)
    elif not _has_star(table.items):
        size = len(table.items)
        chosen = range(size) if keys is None else [key for key in keys if isinstance(key, int)]
        yield from (table.items[index] for index in chosen if -size <= index < size)


def _last(rows: list[tuple[object, n.Expression]], keys: list[object]) -> Iterator[n.Expression]:
    """Of several rows with the same key, the last one counts."""
    for key in keys:
        yield from [value for known, value in rows if known is not UNKNOWN and known == key][-1:]
