"""`grid_search`: whether each path names a parameter, and whether the values to try fit it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from experimaestro.configuration.annotations import TYPE
from experimaestro.configuration.errors import Problem
from experimaestro.configuration.tree import Entry, KeyPath, ListNode, MappingNode, Node, ScalarNode, child
from experimaestro.exceptions import did_you_mean, nearest_name
from experimaestro_mypy.files.fitting import problems, tried
from experimaestro_mypy.files.shapes import (
    ANYTHING,
    Anything,
    Configured,
    Either,
    Field,
    Fields,
    Fixed,
    Grid,
    Items,
    Shape,
    Table,
    bare,
)
from experimaestro_mypy.files.trees import is_unknown, words

GRID: Final = "grid_search"
COUPLED: Final = "config_dicts"
EXCLUDED: Final = "exclude"


class Missing(NamedTuple):
    """A path that leads nowhere."""

    holder: str
    known: tuple[str, ...] = ()
    hint: str = ""

    def __str__(self) -> str:
        return f"no such parameter in {self.holder}{self.hint}"


def grid_problems(root: MappingNode, shape: Shape) -> Iterator[Problem]:
    """What is wrong in the values to try."""
    entry = root.entries.get(GRID)
    if entry is None or not isinstance(entry.value, MappingNode):
        return  # of another type: told with the other values
    grid = entry.value
    found: dict[str, Shape] = {}
    for name, item in grid.entries.items():
        if name not in (COUPLED, EXCLUDED):
            yield from _axis(str(name), item, root, shape, found)
    yield from _coupled(grid.entries.get(COUPLED), root, shape, found)
    yield from _excluded(grid.entries.get(EXCLUDED), found | dict(_inline(root, shape)))


def _axis(name: str, entry: Entry, root: MappingNode, shape: Shape, found: dict[str, Shape]) -> Iterator[Problem]:
    path: KeyPath = (GRID, name)
    place = place_of(name, root, shape)
    if isinstance(place, Missing):
        yield Problem(str(place), path=path, position=entry.key)
        return
    found[name] = place
    yield from tried(entry.value, place, path)


def _coupled(entry: Entry | None, root: MappingNode, shape: Shape, found: dict[str, Shape]) -> Iterator[Problem]:
    """Parameters that vary together: mappings with the same keys."""
    path: KeyPath = (GRID, COUPLED)
    rows = list[MappingNode]()
    yield from _rows(entry, path, rows)
    for index, row in enumerate(rows):
        if row.entries.keys() != rows[0].entries.keys():
            listed = ", ".join(map(str, rows[0].entries))
            message = f"expected the keys of the first mapping ({listed})"
            yield Problem(message, path=(*path, index), position=row.position)
            continue
        for name, item in row.entries.items():
            place = place_of(str(name), root, shape)
            if not isinstance(place, Missing):
                found[str(name)] = place
                yield from problems(item.value, place, (*path, index, name))
            elif index == 0:
                yield Problem(str(place), path=(*path, index, name), position=item.key)


def _excluded(entry: Entry | None, varying: Mapping[str, Shape]) -> Iterator[Problem]:
    path: KeyPath = (GRID, EXCLUDED)
    rows = list[MappingNode]()
    yield from _rows(entry, path, rows)
    for index, row in enumerate(rows):
        for name, item in row.entries.items():
            place = varying.get(str(name))
            if place is None:
                message = f"has no values to try{did_you_mean(str(name), varying)}"
                yield Problem(message, path=(*path, index, name), position=item.key)
                continue
            values = item.value.items if isinstance(item.value, ListNode) else [item.value]
            for value in values:
                yield from problems(value, place, (*path, index, name))


def _rows(entry: Entry | None, path: KeyPath, rows: list[MappingNode]) -> Iterator[Problem]:
    if entry is None or (isinstance(entry.value, ScalarNode) and entry.value.value is None) or is_unknown(entry.value):
        return
    items: Sequence[Node] = entry.value.items if isinstance(entry.value, ListNode) else []
    mappings = [item for item in items if isinstance(item, MappingNode)]
    if not isinstance(entry.value, ListNode) or len(mappings) != len(items):
        message = f"found {words(entry.value)}, expected a list of mappings (path: value)"
        yield Problem(message, path=path, position=entry.value.position)
    else:
        rows += mappings


def _inline(node: Node, shape: Shape, path: str = "") -> Iterator[tuple[str, Shape]]:
    """The parameters for which the file itself gives values to try."""
    fields = _fields_of(shape, node)
    if isinstance(fields, Missing) or not isinstance(node, MappingNode):
        return
    for key, entry in node.entries.items():
        field = fields.get(str(key))
        if field is not None:
            name = f"{path}{key}"
            if isinstance(field.shape, Grid):
                yield name, bare(field.shape)
            yield from _inline(entry.value, bare(field.shape), f"{name}.")


def place_of(name: str, node: Node | None, shape: Shape) -> Shape | Missing:
    """The shape of the parameter at a dotted path; anything where classes of the program cannot tell."""
    words = name.split(".")
    for index, word in enumerate(words):
        below = _below(bare(shape), node, word)
        if isinstance(below, Missing):
            meant = _nearest(words[index:], node, shape)
            return below._replace(hint=f"; did you mean {'.'.join([*words[:index], *meant])!r}?" if meant else "")
        node, shape = _inside(node, word), below
    return bare(shape)


def _inside(node: Node | None, word: str) -> Node | None:
    return None if node is None else child(node, int(word) if word.isdecimal() else word)


def _nearest(words: list[str], node: Node | None, shape: Shape) -> list[str]:
    """The path that was perhaps meant, as far as there are names near the words."""
    if not words:
        return []
    found = _below(bare(shape), node, words[0])
    if not isinstance(found, Missing):
        return [words[0], *_nearest(words[1:], _inside(node, words[0]), found)]
    near = nearest_name(words[0], found.known)
    return [] if near is None else _nearest([near, *words[1:]], node, shape)


def _below(shape: Shape, node: Node | None, word: str) -> Shape | Missing:
    match shape:
        case Fields() | Configured():
            fields = _fields_of(shape, node)
            if isinstance(fields, Missing):
                return ANYTHING
            field = fields.get(word)
            return Missing(_name(shape), tuple(fields)) if field is None else field.shape
        case Items(item) if word.isdecimal():
            return item
        case Fixed(items) if word.isdecimal() and int(word) < len(items):
            return items[int(word)]
        case Table(_, value):
            return value
        case Either(members):
            found = [_below(bare(member), node, word) for member in members]
            fitting = [each for each in found if not isinstance(each, Missing)]
            return fitting[0] if len(fitting) == 1 else (ANYTHING if fitting else found[0])
        case Anything():
            return ANYTHING
        case _:
            return Missing("a value without parameters")


def _name(shape: Fields | Configured) -> str:
    return shape.name if isinstance(shape, Fields) else shape.fields.name


def _fields_of(shape: Shape, node: Node | None) -> Mapping[str, Field] | Missing:
    """The keys that an object may have; that of a configuration may be of any class below, unless the file names it."""
    nothing = Missing("")
    match shape:
        case Fields(load=load):
            return load() or nothing
        case Configured(fields=fields, find=find, subclasses=subclasses):
            named = child(node, TYPE) if node is not None else None
            if isinstance(named, ScalarNode) and isinstance(named.value, str):
                found = find(named.value, ()).fields
                return (found.load() or nothing) if found is not None else nothing
            if len(subclasses()) > 1:
                return nothing
            return fields.load() or nothing
        case _:
            return nothing
