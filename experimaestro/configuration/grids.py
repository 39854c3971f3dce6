"""Values to try, as a file writes them: a list, a range, a progression."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Final, NamedTuple, TypeVar, get_args

from experimaestro.configuration.annotations import Annotation, bare, found, is_class, is_config, is_mapping, origin
from experimaestro.configuration.base import WrittenMarker
from experimaestro.configuration.tree import Key, Plain
from experimaestro.exceptions import did_you_mean

T = TypeVar("T")

MOST_VALUES: Final = 1_000_000
"""Of one parameter, and combinations of a grid: a slip of the pen should not fill the memory."""


class GridMarker:
    """Marks the annotation of a parameter for which several values may be tried."""


GridSearch = Annotated[T, GridMarker]
"""``rate: GridSearch[float] = 0.1``: a file gives one value, or several, which `generate_grid` combines."""


class Alternatives(NamedTuple):
    """The values to try: what a parameter holds until `generate_grid` chooses."""

    values: tuple[Any, ...]  # Any: of the type of the parameter


def is_written(kind: Annotation) -> bool:
    return origin(kind) is Annotated and WrittenMarker in get_args(kind)[1:]


def is_grid(kind: Annotation) -> bool:
    return origin(kind) is Annotated and GridMarker in get_args(kind)[1:]


def written_values(value: Plain, kind: Annotation) -> Sequence[Plain] | None:
    """The values that a list, or one of the forms `values_list`, `values_range`... stands for; None for one value.

    Raises ValueError for a form that is not complete.
    """
    if isinstance(value, list):
        return _limited(value)
    if not isinstance(value, dict) or _is_one_mapping(value, kind):
        return None
    if len(value) != 1 or not value.keys() <= _FORMS.keys():
        wrong = next((key for key in value if key not in _FORMS), None)
        hint = did_you_mean(str(wrong), _FORMS) if wrong is not None else ""
        raise ValueError(f"found a mapping of {_listed(value)}, expected one of {', '.join(_FORMS)}{hint}")
    [(form, content)] = value.items()
    return _limited(_FORMS[str(form)](content))


def _is_one_mapping(value: Mapping[Key, Plain], kind: Annotation) -> bool:
    """Whether a mapping is the value itself: its type is one of mappings, and no form is written."""
    kind = bare(kind)
    members = [bare(member) for member in get_args(kind)] or [kind]
    takes_mappings = any(is_class(member) or is_config(member) or is_mapping(member) for member in [kind, *members])
    return (takes_mappings or kind in (Any, object)) and not (len(value) == 1 and value.keys() <= _FORMS.keys())


def _listed(value: Mapping[Key, Plain]) -> str:
    return ", ".join(map(str, value)) or "nothing"


def _limited(values: Sequence[Plain]) -> Sequence[Plain]:
    if not values:
        raise ValueError("found no value to try, expected at least one")
    if len(values) > MOST_VALUES:
        raise ValueError(f"found {len(values):,} values to try, expected at most {MOST_VALUES:,}")
    return values


def _single(content: Plain) -> Sequence[Plain]:
    return [content]


def _items(content: Plain) -> Sequence[Plain]:
    if not isinstance(content, list):
        raise ValueError(f"found {found(content)}, expected a list of values")
    return content


def _range(content: Plain) -> Sequence[Plain]:
    numbers = [number for number in content if type(number) is int] if isinstance(content, list) else []
    if not isinstance(content, list) or numbers != content or len(numbers) not in (2, 3) or numbers[2:] == [0]:
        raise ValueError("expected [start, stop] or [start, stop, step], integers; stop is left out")
    values = range(*numbers)
    return list(values) if len(values) <= MOST_VALUES else _too_many(len(values))


def _progression(content: Plain) -> Sequence[Plain]:
    match content:
        case [int() | float() as start, int() as count, int() | float() as factor] if bool not in map(type, content):
            if not 0 < count <= MOST_VALUES:
                return _too_many(count)
            try:
                return [start * factor**index for index in range(count)]
            except OverflowError as error:
                raise ValueError("these numbers become too large") from error
        case _:
            raise ValueError("expected [start, count, factor]: a number, how many values, a number")


def _too_many(count: int) -> Sequence[Plain]:
    raise ValueError(f"found {count:,} values to try, expected 1 to {MOST_VALUES:,}")


_FORMS: Final[Mapping[str, Callable[[Plain], Sequence[Plain]]]] = {
    "value": _single,
    "values_list": _items,
    "values_range": _range,
    "range": _range,
    "values_mult": _progression,
    "range_mult": _progression,
}
