"""Differences between two documents, parameter by parameter."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum
from typing import Final, NamedTuple

from experimaestro.core.document import Document, Entry, Json, canonical, literal, same

_LONGEST = 80
"""Characters of a value that are shown."""

KEY_OF: Final = "key "
"""What precedes, in a step, a key that is not the same in both: the step of its item has the key alone."""


class Change(Enum):
    """How a parameter differs."""

    VALUE = "value"
    ADDED = "added"
    REMOVED = "removed"
    TYPE = "type"
    """A configuration of another class."""
    TASK = "task"
    """Another task; the values are ``<task>/<job identifier>``."""
    ORIGIN = "origin"
    """The output of another task; the same values, empty for what is no output."""


class Difference(NamedTuple):
    """One parameter that differs."""

    steps: tuple[str, ...]
    """The names that lead to it from the root: parameters, and indices or keys in brackets."""
    change: Change
    before: str
    after: str
    """Both as people read them; empty when there is none."""
    values: tuple[Json, Json]
    """Both as the documents have them."""
    owner: str
    """The type identifier of the configuration that has the parameter; empty for the root."""

    @property
    def parameter(self) -> str:
        """The name of the parameter in which the difference is; empty for the root."""
        return next((step for step in reversed(self.steps) if step[0] != "["), "")

    @property
    def inside(self) -> Sequence[str]:
        """The indices and keys that lead from the parameter to the value that differs."""
        last = max((rank for rank, step in enumerate(self.steps) if step[0] != "["), default=-1)
        return self.steps[last + 1 :]

    @property
    def path(self) -> str:
        """``model.layers[0].size``; empty for the root."""
        return dotted(self.steps)

    def is_at(self, steps: Sequence[str]) -> bool:
        """Whether the parameter is the one that the names lead to, or below it."""
        return self.steps[: len(steps)] == tuple(steps)

    def __str__(self) -> str:
        name = self.path or "the task itself"
        match self.change:
            case Change.ADDED:
                return f"{name}: {self.after} (new)"
            case Change.REMOVED:
                return f"{name}: {self.before} (gone)"
            case Change.TASK:
                return f"{name}: {short_job(self.before)} → {short_job(self.after)}"
            case Change.ORIGIN:
                return f"{name}: made by {short_job(self.before)} → {short_job(self.after)}"
            case Change.VALUE | Change.TYPE:
                return f"{name}: {self.before} → {self.after}"


def dotted(steps: Sequence[str]) -> str:
    """Names that lead to a parameter, as people write them."""
    return "".join(step if step[0] == "[" else f".{step}" for step in steps).removeprefix(".")


def short_job(name: str) -> str:
    """A job with the first digits of its identifier only."""
    task, separator, identifier = name.rpartition("/")
    return f"{task}{separator}{identifier[:8]}" if name else "no task"


class _Place(NamedTuple):
    """Where a value is: found from the root, one step after the other."""

    holder: _Place | None
    step: str
    owner: str

    def steps(self) -> tuple[str, ...]:
        found: list[str] = []
        place: _Place | None = self
        while place is not None:
            found.append(place.step)
            place = place.holder
        return tuple(reversed(found))


class _Pair(NamedTuple):
    """Two values to compare."""

    place: _Place | None
    before: Json
    after: Json


def _differ(_before: int, _after: int) -> bool:
    return False


def differences(
    before: Document, after: Document, *, are_alike: Callable[[int, int], bool] = _differ
) -> list[Difference]:
    """What differs, the nearest to the root first.

    :param are_alike: says of two configurations, by their numbers, that they need not be compared.
    """
    return _Comparison(before, after, are_alike).differences()


class _Comparison:
    def __init__(self, before: Document, after: Document, are_alike: Callable[[int, int], bool]) -> None:
        self._before = before
        self._after = after
        self._are_alike = are_alike
        self._found: list[Difference] = []
        self._pending: deque[_Pair] = deque()
        self._compared: set[tuple[int, int]] = set()

    def differences(self) -> list[Difference]:
        self._compare_entries(None, self._before.root, self._after.root)
        while self._pending:
            self._compare(self._pending.popleft())
        return self._found

    def _compare(self, pair: _Pair) -> None:
        match pair.before, pair.after:
            case ({"config": int(left), **left_rank}, {"config": int(right), **right_rank}) if left_rank == right_rank:
                self._compare_entries(pair.place, left, right)
            case ({"dict": list(left)}, {"dict": list(right)}):
                self._compare_dictionaries(pair.place, left, right)
            case ({"set": list(left)}, {"set": list(right)}) | ({"frozenset": list(left)}, {"frozenset": list(right)}):
                self._compare_sets(pair.place, left, right)
            case (list(left), list(right)) | ({"tuple": list(left)}, {"tuple": list(right)}):
                self._compare_named(pair.place, _indexed(left), _indexed(right))
            case ({"task": str(left)}, {"task": str(right)}):
                self._add_unless_same(pair.place, left, right, Change.TASK)
            case (left, right) if not same(left, right):
                self._add(pair.place, Change.VALUE, left, right)
            case _:
                pass

    def _compare_entries(self, place: _Place | None, left: int, right: int) -> None:
        if (left, right) in self._compared or self._are_alike(left, right):
            return
        self._compared.add((left, right))
        before, after = self._before.configurations[left], self._after.configurations[right]
        if before.type != after.type:
            self._add_unless_same(place, before.type, after.type, Change.TYPE)
            return
        self._add_unless_same(place, before.task or "", after.task or "", Change.ORIGIN)
        self._add_unless_same(place, before.ignored_task or "", after.ignored_task or "", Change.ORIGIN)
        self._compare_named(place, _named(before), _named(after), owner=before.type)

    def _compare_named(
        self, place: _Place | None, before: Mapping[str, Json], after: Mapping[str, Json], owner: str = ""
    ) -> None:
        for name in [*before, *(name for name in after if name not in before)]:
            below = _Place(place, name, owner or (place.owner if place else ""))
            if name not in after:
                self._add(below, Change.REMOVED, before[name], None)
            elif name not in before:
                self._add(below, Change.ADDED, None, after[name])
            else:
                self._pending.append(_Pair(below, before[name], after[name]))

    def _compare_dictionaries(self, place: _Place | None, before: Sequence[Json], after: Sequence[Json]) -> None:
        left, right = dict(_keyed(before, self._before)), dict(_keyed(after, self._after))
        for alias in (alias for alias in left if alias in right):  # equal for Python: perhaps not the same
            key, other = left[alias].key, right[alias].key
            self._pending.append(_Pair(_below(place, f"[{KEY_OF}{left[alias].name}]"), key, other))
        names = {alias: f"[{entry.name}]" for alias, entry in (right | left).items()}
        self._compare_named(
            place,
            {names[alias]: entry.item for alias, entry in left.items()},
            {names[alias]: entry.item for alias, entry in right.items()},
        )

    def _compare_sets(self, place: _Place | None, before: Sequence[Json], after: Sequence[Json]) -> None:
        """The items of sets have no names: those that nothing in the other set is equal to are shown whole."""
        left, right = _by_content(before, self._before), _by_content(after, self._after)
        gone = [item for key, item in left.items() if key not in right]
        fresh = {_alias(item, self._after): item for key, item in right.items() if key not in left}
        below = _below(place, "[...]")
        for item in gone:
            equal = fresh.pop(_alias(item, self._before), None)
            if equal is None:
                self._add(below, Change.REMOVED, item, None)
            else:
                self._pending.append(_Pair(below, item, equal))
        for item in fresh.values():
            self._add(below, Change.ADDED, None, item)

    def _add_unless_same(self, place: _Place | None, before: str, after: str, change: Change) -> None:
        if before != after:
            self._found.append(_difference(place, change, before, after, (before, after)))

    def _add(self, place: _Place | None, change: Change, before: Json, after: Json) -> None:
        left = "" if change is Change.ADDED else _shown(before, self._before)
        right = "" if change is Change.REMOVED else _shown(after, self._after)
        self._found.append(_difference(place, change, left, right, (before, after)))


def _difference(place: _Place | None, change: Change, before: str, after: str, values: tuple[Json, Json]) -> Difference:
    steps, owner = (place.steps(), place.owner) if place is not None else ((), "")
    return Difference(steps, change, before, after, values, owner)


def _named(entry: Entry) -> dict[str, Json]:
    """What a configuration holds, by name."""
    tasks = {f"init_tasks[{rank}]": task for rank, task in enumerate((*entry.init_tasks, *entry.ignored_init_tasks))}
    return {**entry.parameters, **tasks}


def _indexed(items: Sequence[Json]) -> dict[str, Json]:
    return {f"[{rank}]": item for rank, item in enumerate(items)}


def _below(place: _Place | None, step: str) -> _Place:
    return _Place(place, step, place.owner if place else "")


class _Entry(NamedTuple):
    """An entry of a dictionary."""

    name: str
    key: Json
    item: Json


def _keyed(entries: Sequence[Json], document: Document) -> Iterator[tuple[str, _Entry]]:
    for entry in entries:
        match entry:
            case [key, item]:
                name = literal(key, lambda number: _content(document, number))
                yield _alias(key, document), _Entry(name, key, item)
            case _:
                pass


def _alias(value: Json, document: Document) -> str:
    """The same text for values that Python takes for equal: 1 and True, an enumeration of numbers and its values."""
    return canonical(_plain(_expanded(value, document)))


def _expanded(value: Json, document: Document) -> Json:
    """A value with the documents of the configurations that it refers to in their place."""
    match value:
        case {"config": int(number), "instance": rank}:
            return {"expanded": [*document.part(number).to_json()], "instance": rank}
        case {"config": int(number)}:
            return {"expanded": [*document.part(number).to_json()]}
        case dict():
            return {key: _expanded(item, document) for key, item in value.items()}
        case list():
            return [_expanded(item, document) for item in value]
        case _:
            return value


def _plain(value: Json) -> Json:
    match value:
        case bool():
            return int(value)
        case {"enum": _, "value": plain}:
            return plain
        case dict():
            return {key: _plain(item) for key, item in value.items()}
        case list():
            return [_plain(item) for item in value]
        case _:
            return value


def _by_content(items: Sequence[Json], document: Document) -> dict[str, Json]:
    """The items of a set by what they say."""
    return {literal(item, lambda number: _content(document, number)): item for item in items}


def _content(document: Document, root: int) -> str:
    """What stands for a configuration that must be recognised in another document, where it has another number."""
    return canonical(document.part(root).to_json())


def _shown(value: Json, document: Document) -> str:
    text = literal(value, lambda number: f"{document.configurations[number].type}(...)")
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."
