"""Lists, tuples, sets and dictionaries: what they hold, and what loops over them go through."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from mypy import nodes as n
from mypy import types as t

from experimaestro_mypy.flow.events import Hashed, Way
from experimaestro_mypy.flow.machine import Machine
from experimaestro_mypy.flow.values import (
    UNKNOWN,
    Built,
    Holder,
    Item,
    Value,
    alternatives,
    one_of,
)

MANY: Final = 12
"""How many elements are followed one by one."""
TURNS: Final = 2
"""How many turns of a loop are followed, when nothing tells how many there are."""
DEPTH: Final = 3
"""In so many loops; below, for one turn."""

SETS: Final = ("set", "frozenset")


class Turns(NamedTuple):
    """What a loop goes through."""

    elements: list[Value]
    is_known: bool
    """Whether these are the elements of a container, each gone through once."""


def turns(machine: Machine, value: Value) -> Turns:
    """What a loop over a value goes through."""
    machine.use_output(value)
    content = machine.state.content(value) if isinstance(value, Holder) else None
    if content is None or content.is_lost or not content.items or len(content.items) > MANY:
        count = TURNS if machine.depth < DEPTH else 1
        return Turns([_any_element(machine, value)] * count, is_known=False)
    if isinstance(value, Holder) and value.kind == "dict":
        return Turns([UNKNOWN] * len(content.items), is_known=True)
    return Turns(list(content.values()), is_known=True)


def _any_element(machine: Machine, value: Value) -> Value:
    """An element of a container, whichever."""
    return one_of([element(machine, value), UNKNOWN])


def element(machine: Machine, value: Value, key: str | int | None = None) -> Value:
    """``value[key]``."""
    machine.use_output(value)
    found: list[Value] = []
    for holder in alternatives(value):
        if not isinstance(holder, Holder):
            return UNKNOWN
        content = machine.state.content(holder)
        if content.is_lost or not content.items:
            return UNKNOWN
        found.extend(_matching(content.items, key, is_list=content.is_exact and holder.kind in ("list", "tuple")))
    return one_of(found)


def _matching(items: Sequence[Item], key: str | int | None, *, is_list: bool) -> list[Value]:
    if is_list and isinstance(key, int) and -len(items) <= key < len(items):
        return [items[key].value]
    same = [item.value for item in items if key is not None and item.key == key]
    return same or [item.value for item in items]


def add(machine: Machine, value: Value, items: Sequence[Item], where: n.Context) -> None:
    """Elements are added to a container."""
    for holder in alternatives(value):
        if not isinstance(holder, Holder):
            continue
        content = machine.state.content(holder)
        is_inside = any(holder in machine.state.holders(item.value) for item in items)
        if content.is_lost or is_inside:
            for item in items:
                machine.lose(item.value, Way.STORED, where)
        if is_inside:
            continue
        machine.state.contents[holder] = content._replace(
            items=_joined(content.items, [_kept(machine, item, is_certain=holder is value) for item in items]),
            is_exact=content.is_exact and holder is value and machine.depth == holder.depth,
        )


def _kept(machine: Machine, item: Item, *, is_certain: bool) -> Item:
    return Item(machine.kept(item.value), item.key) if is_certain else item.perhaps()


def _joined(before: Sequence[Item], added: Sequence[Item]) -> tuple[Item, ...]:
    """A literal key replaces the value that it has."""
    keys = {item.key for item in added if item.key is not None}
    return (*(item for item in before if item.key is None or item.key not in keys), *added)


def blur(machine: Machine, value: Value) -> None:
    """Elements of a container are moved."""
    for holder in alternatives(value):
        if isinstance(holder, Holder):
            machine.state.contents[holder] = machine.state.content(holder)._replace(is_exact=False)


def weaken(machine: Machine, value: Value) -> None:
    """Elements of a container may be gone."""
    for holder in alternatives(value):
        if isinstance(holder, Holder):
            machine.state.contents[holder] = machine.state.content(holder).weakened()


def items_of(machine: Machine, value: Value) -> list[Item]:
    """What a container adds to another one. Unknown if it is none."""
    content = machine.state.content(value) if isinstance(value, Holder) else None
    return [Item(UNKNOWN)] if content is None or content.is_lost else list(content.items)


def is_exact(machine: Machine, value: Value) -> bool:
    """Whether all the elements of a container are known, in their order."""
    return isinstance(value, Holder) and machine.state.content(value).is_exact


def hash_all(machine: Machine, value: Value, kind: str, where: n.Context) -> None:
    """Values become elements of a set, or keys of a dictionary."""
    if isinstance(value, Built):
        machine.emit(Hashed(value, machine.state.life(value), kind, where))
    if isinstance(value, Holder) and value.kind == "tuple":
        for held in machine.state.content(value).values():
            hash_all(machine, held, kind, where)


def hash_items(machine: Machine, value: Value, where: n.Context) -> None:
    """The elements of a container become keys of a dictionary."""
    if isinstance(value, Holder) and value.kind != "dict":
        for held in machine.state.content(value).values():
            hash_all(machine, held, "dict", where)


def hash_in(
    machine: Machine, container: n.Expression, value: Value, where: n.Context, *, is_search: bool = True
) -> None:
    """A value is looked for in a set, or among the keys of a dictionary; or put there."""
    if not isinstance(value, Built):
        return
    kind = machine.module.type_of(container)
    name = _HASHED.get(kind.type.fullname) if isinstance(kind, t.Instance) else None
    if name is not None:
        machine.emit(Hashed(value, machine.state.life(value), name, where, is_search=is_search))


_HASHED: Final = {
    "builtins.dict": "dict",
    "collections.defaultdict": "dict",
    "collections.OrderedDict": "dict",
    "collections.Counter": "dict",
    "builtins.set": "set",
    "builtins.frozenset": "set",
}
HASHING: Final = ("add", "discard", "remove", "get", "setdefault")
"""The methods of sets and dictionaries that need the hash of their first argument."""


def literal_key(expression: n.Expression) -> str | int | None:
    """A key or index, when it is a literal."""
    if isinstance(expression, (n.StrExpr, n.IntExpr)):
        return expression.value
    if isinstance(expression, n.UnaryExpr) and expression.op == "-" and isinstance(expression.expr, n.IntExpr):
        return -expression.expr.value
    return None


def method(machine: Machine, holder: Value, call: n.CallExpr, name: str) -> Value:
    """The call of a method of a container."""
    values = [machine.evaluate(argument) for argument in call.args]
    known = _METHODS.get(name)
    if known is not None:
        return known(machine, holder, values, call)
    for value in [holder, *values]:
        machine.lose(value, Way.ELSEWHERE, call)
    return UNKNOWN


def _append(machine: Machine, holder: Value, values: list[Value], call: n.CallExpr) -> Value:
    add(machine, holder, [Item(value) for value in values[-1:]], call)
    return UNKNOWN


def _insert(machine: Machine, holder: Value, values: list[Value], call: n.CallExpr) -> Value:
    _append(machine, holder, values, call)
    blur(machine, holder)
    return UNKNOWN


def _add(machine: Machine, holder: Value, values: list[Value], call: n.CallExpr) -> Value:
    for value in values:
        hash_all(machine, value, "set", call)
    return _append(machine, holder, values, call)


def _extend(machine: Machine, holder: Value, values: list[Value], call: n.CallExpr) -> Value:
    for name, value in zip(call.arg_names, values, strict=True):
        is_named = name is not None
        add(machine, holder, [Item(value, name)] if is_named else items_of(machine, value), call)
        if not is_exact(machine, value) and not is_named:
            blur(machine, holder)
    return UNKNOWN


def _take(machine: Machine, holder: Value, values: list[Value], call: n.CallExpr) -> Value:
    key = literal_key(call.args[0]) if call.args else None
    found = element(machine, holder, key)
    weaken(machine, holder)
    return found


def _get(machine: Machine, holder: Value, values: list[Value], call: n.CallExpr) -> Value:
    found = element(machine, holder, literal_key(call.args[0]) if call.args else None)
    return one_of([found, *(values[1:] or [UNKNOWN])])


def _set_default(machine: Machine, holder: Value, values: list[Value], call: n.CallExpr) -> Value:
    add(machine, holder, [Item(value) for value in values[1:]], call)
    blur(machine, holder)
    return element(machine, holder)


def _items(machine: Machine, holder: Value, values: list[Value], call: n.CallExpr) -> Value:
    return _viewed(machine, holder, lambda item: machine.hold("tuple", [UNKNOWN, item.value]))


def _values(machine: Machine, holder: Value, values: list[Value], call: n.CallExpr) -> Value:
    return _viewed(machine, holder, lambda item: item.value)


def _keys(machine: Machine, holder: Value, values: list[Value], call: n.CallExpr) -> Value:
    return _viewed(machine, holder, lambda item: UNKNOWN)


def _copy(machine: Machine, holder: Value, values: list[Value], call: n.CallExpr) -> Value:
    if not isinstance(holder, Holder):
        return UNKNOWN
    return machine.hold(holder.kind, items_of(machine, holder), is_exact=is_exact(machine, holder))


def _viewed(machine: Machine, holder: Value, view: Callable[[Item], Value]) -> Value:
    content = machine.state.content(holder) if isinstance(holder, Holder) else None
    if content is None or content.is_lost or not content.items:
        return UNKNOWN
    return machine.hold("list", [view(item) for item in content.items], is_exact=content.is_exact)


def _blur(machine: Machine, holder: Value, values: list[Value], call: n.CallExpr) -> Value:
    blur(machine, holder)
    return UNKNOWN


def _weaken(machine: Machine, holder: Value, values: list[Value], call: n.CallExpr) -> Value:
    weaken(machine, holder)
    return UNKNOWN


def _clear(machine: Machine, holder: Value, values: list[Value], call: n.CallExpr) -> Value:
    if isinstance(holder, Holder):
        machine.state.contents[holder] = machine.state.content(holder)._replace(items=())
    else:
        weaken(machine, holder)
    return UNKNOWN


def _nothing(machine: Machine, holder: Value, values: list[Value], call: n.CallExpr) -> Value:
    return UNKNOWN


_METHODS: Final[dict[str, Callable[[Machine, Value, list[Value], n.CallExpr], Value]]] = {
    "append": _append,
    "insert": _insert,
    "add": _add,
    "extend": _extend,
    "update": _extend,
    "pop": _take,
    "get": _get,
    "setdefault": _set_default,
    "items": _items,
    "values": _values,
    "keys": _keys,
    "copy": _copy,
    "clear": _clear,
    "remove": _weaken,
    "discard": _weaken,
    "sort": _blur,
    "reverse": _blur,
    "index": _nothing,
    "count": _nothing,
}


ADDITIONS: Final = ("append", "insert", "add")
EDITS: Final = (
    *ADDITIONS,
    *("extend", "update", "pop", "popitem", "setdefault", "clear", "remove", "discard", "sort", "reverse"),
)
"""The methods that change a container."""


def display(machine: Machine, kind: str, expressions: Sequence[n.Expression], whole: n.Expression) -> Value:
    """``[a, *b]``, and the same for tuples and sets."""
    items: list[Item] = []
    all_known = True
    for expression in expressions:
        if isinstance(expression, n.StarExpr):
            value = machine.evaluate(expression.expr)
            items.extend(Item(item.value) for item in items_of(machine, value))
            all_known = all_known and is_exact(machine, value)
        else:
            items.append(Item(machine.evaluate(expression)))
    holder = machine.hold(kind, items, is_exact=all_known)
    if kind in SETS:
        for item in items:
            hash_all(machine, item.value, "set", whole)
    return holder


def dictionary(machine: Machine, expression: n.DictExpr) -> Value:
    """``{key: value, **others}``."""
    items: tuple[Item, ...] = ()
    all_known = True
    for key, written in expression.items:
        if key is None:
            value = machine.evaluate(written)
            items = _joined(items, items_of(machine, value))
            all_known = all_known and is_exact(machine, value)
            continue
        hash_all(machine, machine.evaluate(key), "dict", expression)
        items = _joined(items, [Item(machine.evaluate(written), literal_key(key))])
    return machine.hold("dict", items, is_exact=all_known)


def paired(machine: Machine, values: Sequence[Value]) -> Value:
    """``zip(...)``: tuples of elements that stand at the same place."""
    columns = [turns(machine, value) for value in values]
    lengths = [len(column.elements) for column in columns if column.is_known] or [TURNS]
    rows = [[_at(column, index) for column in columns] for index in range(min(lengths))]
    return machine.hold("list", [machine.hold("tuple", row) for row in rows], is_exact=False)


def _at(column: Turns, index: int) -> Value:
    return column.elements[index] if column.is_known and index < len(column.elements) else column.elements[0]
