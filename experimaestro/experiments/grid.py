"""Grids: the combinations of the values to try, each a configuration with the tags of what varies."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from experimaestro.configuration.errors import Problem
from experimaestro.configuration.grids import MOST_VALUES, GridSearch
from experimaestro.configuration.tree import KeyPath, dotted
from experimaestro.experiments.axes import GRID, Axis, Grid, GridError, Value, grid_of
from experimaestro.experiments.places import rebuilt

__all__ = ["GridError", "GridSearch", "generate_grid", "grid_size"]

T = TypeVar("T")


def generate_grid(cfg: T, *, where: Callable[[T], bool] | None = None) -> tuple[list[T], list[dict[str, Any]]]:
    """Returns the configurations of all combinations of the values to try, and for each what distinguishes it.

    The second list has, for each configuration, the values of the parameters that vary, by dotted path: tags. `where`
    says which combinations to keep. Without values to try there is one configuration, a copy.

    Raises GridError (a ValueError).
    """
    grid = grid_of(cfg)
    _check_size(grid.size())
    varying = list(_varying(grid.axes))
    made = ((_configuration(cfg, grid, rows), _tags(varying, rows)) for rows in grid.combinations())
    kept = [(configuration, tags) for configuration, tags in made if where is None or where(configuration)]
    return [configuration for configuration, _ in kept], [tags for _, tags in kept]


def grid_size(cfg: object) -> int:
    """Returns how many configurations `generate_grid` makes, which makes none to tell it.

    Raises GridError.
    """
    return grid_of(cfg).size()


def _check_size(size: int) -> None:
    if size > MOST_VALUES:
        raise GridError([Problem(f"found {size:,} combinations, expected at most {MOST_VALUES:,}", path=(GRID,))])


def _varying(axes: Iterable[Axis]) -> Iterator[tuple[int, int, str]]:
    """The parameters with several values: their axis, their column, their name."""
    for index, axis in enumerate(axes):
        for column, path in enumerate(axis.paths):
            if any(row[column] != axis.rows[0][column] for row in axis.rows):
                yield index, column, dotted(path)


def _tags(varying: Iterable[tuple[int, int, str]], rows: Sequence[Sequence[Value]]) -> dict[str, Any]:
    return {name: rows[index][column] for index, column, name in varying}


def _configuration(cfg: T, grid: Grid, rows: Sequence[Sequence[Value]]) -> T:
    chosen: dict[KeyPath, Value] = {(GRID,): None} if getattr(cfg, GRID, None) is not None else {}
    for axis, row in zip(grid.axes, rows, strict=True):
        chosen.update(zip(axis.paths, row, strict=True))
    made: T = rebuilt(cfg, chosen)
    return made
