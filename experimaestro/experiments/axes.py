"""What varies in a configuration: the values to try, and the combinations to leave out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import prod
from pathlib import Path
from typing import Any, Final, NamedTuple

from experimaestro.configuration.annotations import Annotation, found
from experimaestro.configuration.errors import ConfigurationError, Problem
from experimaestro.configuration.grids import MOST_VALUES, written_values
from experimaestro.configuration.tree import ConfigurationTree, Key, KeyPath, MappingNode, Plain, Position, dotted
from experimaestro.core.containers import is_dictionary
from experimaestro.exceptions import did_you_mean
from experimaestro.experiments.places import Place, inline, place_of
from experimaestro.structuring import structure_value

Value = Any
"""A value of a parameter, of any type."""

GRID: Final = "grid_search"
COUPLED: Final = "config_dicts"
EXCLUDED: Final = "exclude"

_NOWHERE: Final = ConfigurationTree(Path(), MappingNode({}, Position("")))


class GridError(ConfigurationError, ValueError):
    """The values to try do not fit the configuration."""


class Axis(NamedTuple):
    """Parameters that vary together, and the values that they take."""

    paths: Sequence[KeyPath]
    rows: Sequence[Sequence[Value]]


class Column(NamedTuple):
    """A parameter of an axis."""

    axis: int
    column: int


class Condition(NamedTuple):
    column: Column
    values: Sequence[Value]


class Exclusion(NamedTuple):
    """A combination to leave out: every condition holds."""

    conditions: Sequence[Condition]

    def matches(self, rows: Mapping[int, Sequence[Value]]) -> bool:
        return all(rows[place.axis][place.column] in values for place, values in self.conditions)


class Grid(NamedTuple):
    """What varies in a configuration."""

    axes: Sequence[Axis]
    exclusions: Sequence[Exclusion]

    def size(self) -> int:
        """How many combinations there are; what is excluded is counted without the other axes."""
        involved = sorted({place.axis for exclusion in self.exclusions for place, _ in exclusion.conditions})
        others = prod(len(axis.rows) for index, axis in enumerate(self.axes) if index not in involved)
        if prod(len(self.axes[index].rows) for index in involved) > MOST_VALUES:
            raise GridError([Problem(f"the parameters of {EXCLUDED!r} have more than {MOST_VALUES:,} combinations")])
        kept = (rows for rows in self._rows(involved) if not self._is_excluded(rows))
        return others * sum(1 for _ in kept)

    def combinations(self) -> Iterator[Sequence[Sequence[Value]]]:
        """The rows of all axes, the last axis varying fastest."""
        for rows in self._rows(range(len(self.axes))):
            if not self._is_excluded(rows):
                yield [rows[index] for index in range(len(self.axes))]

    def _rows(self, indices: Sequence[int]) -> Iterator[Mapping[int, Sequence[Value]]]:
        for rows in product(*(self.axes[index].rows for index in indices)):
            yield dict(zip(indices, rows, strict=True))

    def _is_excluded(self, rows: Mapping[int, Sequence[Value]]) -> bool:
        return any(exclusion.matches(rows) for exclusion in self.exclusions)


def grid_of(cfg: object, tree: ConfigurationTree = _NOWHERE) -> Grid:
    """Finds what varies in a configuration; the tree tells where mistakes were written.

    Raises GridError with all mistakes.
    """
    return _Reader(cfg, tree).grid()


class _Reader:
    """Reads the grid of a configuration, gathering mistakes."""

    def __init__(self, cfg: object, tree: ConfigurationTree) -> None:
        self._cfg = cfg
        self._tree = tree
        self._problems: list[Problem] = []
        self._axes: list[Axis] = []

    def grid(self) -> Grid:
        self._axes += [Axis([path], [[value] for value in tried.values]) for path, tried in inline(self._cfg)]
        written: object = getattr(self._cfg, GRID, None)
        content: dict[str, Plain] = written if is_dictionary(written) else {}
        for name, value in content.items():
            if name not in (COUPLED, EXCLUDED):
                self._add_axis(name, value)
        self._add_coupled(self._mappings(content, COUPLED))
        excluded = self._mappings(content, EXCLUDED)
        exclusions = [self._exclusion(item, (GRID, EXCLUDED, index)) for index, item in enumerate(excluded)]
        if self._problems:
            raise GridError(self._problems)
        return Grid(self._axes, exclusions)

    def _report(self, message: str, path: KeyPath, *, is_of_key: bool = False) -> None:
        position = self._tree.key_position(path) if is_of_key else self._tree.position(path)
        self._problems.append(Problem(message, path=path, position=position))

    def _mappings(self, content: Mapping[str, Plain], key: str) -> Sequence[Mapping[Key, Plain]]:
        value = content.get(key)
        mappings = [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
        if value is not None and mappings != value:
            self._report(f"found {found(value)}, expected a list of mappings (path: value)", (GRID, key))
            return []
        return mappings

    def _place(self, name: str, written: KeyPath) -> Place | None:
        try:
            place = place_of(self._cfg, name)
        except LookupError as error:
            self._report(str(error.args[0]), written, is_of_key=True)
            return None
        if any(place.path in axis.paths for axis in self._axes):
            self._report("has values to try elsewhere too", written, is_of_key=True)
            return None
        return place

    def _value(self, value: Plain, kind: Annotation, written: KeyPath) -> Value:
        if not _is_plain(value):
            return value  # made by a program: it has its type
        try:
            return structure_value(value, kind, path=written, tree=self._tree)
        except ConfigurationError as error:
            self._problems.extend(error.problems)
            return None

    def _add_axis(self, name: str, value: Plain) -> None:
        written: KeyPath = (GRID, name)
        place = self._place(name, written)
        if place is None:
            return
        try:
            values = written_values(value, place.kind)
        except ValueError as error:
            self._report(str(error), written)
            return
        listed = [value] if values is None else values
        where = [(*written, index) if isinstance(value, list) else written for index in range(len(listed))]
        rows = [[self._value(item, place.kind, at)] for item, at in zip(listed, where, strict=True)]
        self._axes.append(Axis([place.path], rows))

    def _add_coupled(self, rows: Sequence[Mapping[Key, Plain]]) -> None:
        written: KeyPath = (GRID, COUPLED)
        different = [index for index, row in enumerate(rows) if row.keys() != rows[0].keys()]
        for index in different:
            self._report(f"expected the keys of the first mapping ({', '.join(map(str, rows[0]))})", (*written, index))
        names = list(rows[0]) if rows and not different else []
        places = [(name, self._place(str(name), (*written, 0, name))) for name in names]
        known = [(name, place) for name, place in places if place is not None]
        values = [
            [self._value(row[name], place.kind, (*written, index, name)) for name, place in known]
            for index, row in enumerate(rows if known else [])
        ]
        if known:
            self._axes.append(Axis([place.path for _, place in known], values))

    def _exclusion(self, item: Mapping[Key, Plain], written: KeyPath) -> Exclusion:
        return Exclusion([self._condition(str(name), value, (*written, name)) for name, value in item.items()])

    def _condition(self, name: str, value: Plain, written: KeyPath) -> Condition:
        columns = {
            dotted(path): Column(index, column)
            for index, axis in enumerate(self._axes)
            for column, path in enumerate(axis.paths)
        }
        if name not in columns:
            self._report(f"has no values to try{did_you_mean(name, columns)}", written, is_of_key=True)
            return Condition(Column(0, 0), [])
        column = columns[name]
        kind = place_of(self._cfg, name).kind
        values = [self._value(item, kind, written) for item in (value if isinstance(value, list) else [value])]
        tried = [row[column.column] for row in self._axes[column.axis].rows]
        if any(item not in tried for item in values):
            self._report(f"found {found(value)}, expected one of the values to try, or a list of them", written)
        return Condition(column, values)


def _is_plain(value: object) -> bool:
    return value is None or isinstance(value, bool | int | float | str | list | dict)
