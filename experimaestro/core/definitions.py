"""Writing configurations: a list of definitions, each after those that it refers to.

The format is that of release 2.7; a value that it cannot read back is written in a way that it refuses.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from pathlib import Path, PurePath
from typing import Any

from experimaestro.core.composites import DictType, SequenceType, TupleType, UnionType
from experimaestro.core.containers import Collection, Dictionary, is_collection, is_dictionary, is_sequence
from experimaestro.core.context import SerializationContext
from experimaestro.core.format import TYPE, Definition, Json, SerializedPath
from experimaestro.core.graph import Key, Place, held
from experimaestro.core.identifier import Identities
from experimaestro.core.state import ConfigState, Configuration, Type
from experimaestro.core.values import AnyType, describe
from experimaestro.exceptions import ExperimaestroError


class UnserializableError(ExperimaestroError, TypeError):
    """A value cannot be written."""

    def __init__(self, value: object) -> None:
        super().__init__(f"found {describe(value)}, which cannot be saved")


class DefinitionWriter:
    """Writes configurations, each once: objects that are shared stay so.

    With `stubs`, the tasks known only as the origin of something are named, not described.
    """

    def __init__(self, context: SerializationContext, *, stubs: bool = False) -> None:
        self._context = context
        self._stubs = stubs
        self._numbers: dict[int, int] = {}
        self._written: list[ConfigState] = []
        self._identities = Identities()

    def number(self, config: Configuration) -> int:
        """The number that stands for a configuration that was written."""
        return self._numbers[id(config.__xpm__)]

    def write(self, root: ConfigState) -> list[Definition]:
        """The definitions of a configuration and of what it refers to, without those already written."""
        self._identities = Identities()
        fresh = self._unwritten(root)
        stubs = [self._stub(task) for task in self._origins(fresh)] if self._stubs else []
        return stubs + [self._definition(place) for place in fresh]

    def _unwritten(self, root: ConfigState) -> list[Place]:
        """What is to be written, each after what it refers to (cycles are cut anywhere)."""
        if id(root) in self._numbers:
            return []
        found: list[Place] = []
        stack = [(Place(root, (), None), self._references(root))]
        self._enter(root)
        while stack:
            place, references = stack[-1]
            below = next((item for item in references if id(item[1]) not in self._numbers), None)
            if below is None:
                found.append(place)
                stack.pop()
            else:
                key, child = below
                self._enter(child)
                stack.append((Place(child, key, place), self._references(child)))
        return found

    def _enter(self, state: ConfigState) -> None:
        self._numbers[id(state)] = len(self._numbers) + 1
        self._written.append(state)

    def _references(self, state: ConfigState) -> Iterator[tuple[Key, ConfigState]]:
        if state.produced and state.task is not None and not self._stubs:
            yield ("__task__",), state.task.__xpm__
        yield from held(state)

    def _origins(self, fresh: Sequence[Place]) -> Iterator[ConfigState]:
        for state in (place.state for place in fresh):
            if state.task is not None and id(state.task.__xpm__) not in self._numbers:
                self._enter(state.task.__xpm__)
                yield state.task.__xpm__

    def _stub(self, state: ConfigState) -> Definition:
        return {**self._header(state), "stub": True, "fields": {}}

    def _header(self, state: ConfigState) -> Definition:
        value_type = state.xpmtype.value_type
        header = {
            "id": self._numbers[id(state)],
            **_home(value_type),
            TYPE: value_type.__qualname__,
            "typename": state.xpmtype.name(),
            "identifier": self._identities.digest(state).hex(),
        }
        declaration = state.xpmtype.originaltype
        if declaration is not value_type:
            header["declaration"] = {**_home(declaration), TYPE: declaration.__qualname__}
        return header

    def _definition(self, place: Place) -> Definition:
        state = place.state
        definition = self._header(state)
        if state.init_tasks:
            definition["init-tasks"] = [self.number(task) for task in state.init_tasks]
        if state.meta is not None:
            definition["meta"] = state.meta
        if state.task is not None:
            definition["task"] = self.number(state.task)
        definition["fields"] = self._fields(place)
        return definition

    def _fields(self, place: Place) -> dict[str, Json]:
        data = self._save_data(place)
        fields = {
            argument.name: self.value(value, exact=not is_typed(argument.type))
            for argument, value in place.state.arguments()
            if argument.name not in data
        }
        return fields | {
            name: {TYPE: "path.serialized", "value": str(saved.path), "is_folder": saved.is_folder}
            for name, saved in data.items()
        }

    def _save_data(self, place: Place) -> Mapping[str, SerializedPath]:
        state = place.state
        if not state.xpmtype.data and not state.xpmtype.saves_more:
            return {}
        self._context.var_path[:] = place.path()
        return state.pyobject.__xpm_serialize__(self._context)

    def value(self, value: Any, *, exact: bool = False) -> Json:  # Any: the values of users
        """A structure of configurations that were written, and of plain values.

        With `exact`, tuples and frozen sets are told from lists and sets: no declared type does it.
        """
        if isinstance(value, Configuration):
            return {TYPE: "python", "value": self.number(value)}
        if is_dictionary(value):
            return self._dictionary(value, exact=exact)
        if is_collection(value):
            return self._collection(value, exact=exact)
        match value:
            case Enum() if value.name in type(value).__members__:
                kind = type(value)
                return {TYPE: "enum", **_home(kind), "enum": kind.__qualname__, "value": value.name}
            case Enum():
                return value.value  # several flags
            case None | bool() | int() | float() | str():
                return value
            case PurePath():
                return self._path(value)
            case _:
                raise UnserializableError(value)

    def _collection(self, value: Collection, *, exact: bool) -> Json:
        items = [self.value(item, exact=exact) for item in value]
        if exact and isinstance(value, tuple | frozenset):
            return {TYPE: "tuple", "items": items} if isinstance(value, tuple) else _set("frozenset", items)
        return items if is_sequence(value) else _set("set", items)

    def _dictionary(self, value: Dictionary, *, exact: bool) -> Json:
        if TYPE not in value and all(type(key) is str for key in value):
            return {key: self.value(item, exact=exact) for key, item in value.items()}
        entries = [[self.value(key, exact=exact), self.value(item, exact=exact)] for key, item in value.items()]
        return {TYPE: "dict", "items": entries}

    def _path(self, path: PurePath) -> Json:
        for base, directory in (("job", self._context.job_path), ("workspace", self._context.workspace_path)):
            if directory is not None and path.is_relative_to(directory):
                return {TYPE: "path", "value": str(path.relative_to(directory)), "base": base}
        return {TYPE: "path", "value": str(path)}


def is_typed(declared: Type) -> bool:
    """Whether a declared type tells, of all that it contains, which containers were written."""
    match declared:
        case AnyType():
            return False
        case SequenceType():
            return is_typed(declared.item)
        case TupleType():
            return all(map(is_typed, declared.items))
        case DictType():
            return is_typed(declared.key) and is_typed(declared.value)
        case UnionType():
            containers = [member for member in declared.concrete if isinstance(member, SequenceType | TupleType)]
            return len(containers) <= 1 and all(map(is_typed, declared.concrete))
        case _:
            return True


def _set(kind: str, items: Sequence[Json]) -> Json:
    return {TYPE: kind, "items": sorted(items, key=repr)}


def _home(kind: type) -> dict[str, Json]:
    """The module of a class; with its file when it is in no package: its name alone may not be enough to find it."""
    module = sys.modules.get(kind.__module__)
    file = None if module is None or module.__package__ else getattr(module, "__file__", None)
    return {"module": kind.__module__} | ({"file": str(Path(file).absolute())} if file else {})
