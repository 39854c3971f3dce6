"""Identifiers: the SHA-256 of the canonical bytes of a configuration.

The bytes are those of release 2.7, so that its results are found again; `docs/identifiers.md` specifies them. The
work is proportional to the number of configurations, and does not recurse: a chain of tasks may be of any length.
"""

from __future__ import annotations

import struct
import sys
from collections.abc import Generator, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from enum import Enum
from hashlib import sha256
from pathlib import PurePath
from typing import Any, Final, NamedTuple

from experimaestro.core.objecttype import Argument
from experimaestro.core.partials import Partial
from experimaestro.core.state import ConfigState, Configuration, configurations
from experimaestro.core.values import describe
from experimaestro.exceptions import ExperimaestroError

_INTEGER: Final = struct.Struct(">q")
_DOUBLE: Final = struct.Struct(">d")
_INT64: Final = range(-(2**63), 2**63)

# Tags of the encoding
OBJECT: Final = b"\x00"
INTEGER: Final = b"\x01"
FLOAT: Final = b"\x02"
TEXT: Final = b"\x03"
NONE: Final = b"\x06"
LIST: Final = b"\x07"
TASK: Final = b"\x08"
DICT: Final = b"\x09"
ENUM: Final = b"\x0a"
LOOP: Final = b"\x0b"
INIT_TASKS: Final = b"\x0c"
INSTANCE: Final = b"\x0d"
SET: Final = b"\x0e"
# Values without identifier in release 2.7
TUPLE: Final = b"\x0f"
FROZENSET: Final = b"\x10"
PATH: Final = b"\x11"
BIG_INTEGER: Final = b"\x12"


class MissingValueError(ExperimaestroError, ValueError):
    """A required parameter has no value."""

    def __init__(self, state: ConfigState, names: Sequence[str]) -> None:
        plural = "s" if len(names) > 1 else ""
        super().__init__(
            f"required parameter{plural} {', '.join(map(repr, names))} of {state.xpmtype.name()} not set "
            f"(built at {state.where()})"
        )
        self.names = tuple(names)


class UnidentifiableError(ExperimaestroError, TypeError):
    """A value has no canonical bytes."""

    def __init__(self, value: object) -> None:
        super().__init__(f"found {describe(value)}, which has no identifier")


class ConfigIdentifier:
    """The identifier of a configuration."""

    __slots__ = ("all",)

    def __init__(self, digest: bytes) -> None:
        self.all: Final = digest
        """The 32 bytes of the digest."""

    @property
    def main(self) -> bytes:
        """The same bytes (a former distinction)."""
        return self.all

    def hex(self) -> str:
        """64 hexadecimal characters."""
        return self.all.hex()

    def __str__(self) -> str:
        return self.all.hex()

    def __repr__(self) -> str:
        return f"ConfigIdentifier({self})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ConfigIdentifier) and self.all == other.all

    def __hash__(self) -> int:
        return hash(self.all)


_NOWHERE: Final = sys.maxsize


class _Answer(NamedTuple):
    """What a configuration learns of one that it refers to."""

    reference: bytes
    """What stands for it."""
    lowest: int
    """The lowest position, among the configurations being computed, that something below refers to."""
    contextual: bool
    """Instance configurations stand below: the reference depends on those met before."""


class _Result(NamedTuple):
    digest: bytes
    lowest: int
    contextual: bool


_Computation = Generator[ConfigState, _Answer, _Result]
_References = Mapping[int, bytes]


def identify(state: ConfigState) -> bytes:
    """Returns the digest of a configuration, and remembers it when it is sealed.

    Raises MissingValueError, UnidentifiableError.
    """
    if state.identity is not None and state.sealed:
        return state.identity
    return _Root().digest(state)


def identify_partial(state: ConfigState, partial: Partial) -> bytes:
    """Returns the digest of a configuration without the parameters that the partial identifier leaves out."""
    return _Root().digest(state, partial)


class _Root:
    """One computation, from a root to all that it holds."""

    def __init__(self) -> None:
        self._positions: dict[int, int] = {}
        self._answers: dict[int, _Answer] = {}
        self._instances: dict[bytes, list[int]] = {}
        self._converted: list[ConfigState] = []

    def digest(self, root: ConfigState, partial: Partial | None = None) -> bytes:
        stack = [(root, self._compute(root, partial))]
        self._positions[id(root)] = 0
        answer: _Answer | None = None
        while True:
            state, computation = stack[-1]
            try:
                child = next(computation) if answer is None else computation.send(answer)
            except StopIteration as end:
                result: _Result = end.value
                del self._positions[id(state)]
                stack.pop()
                if not stack:
                    if partial is None:
                        _remember(state, result, position=0, is_root=True)
                    return result.digest
                _remember(state, result, position=len(stack), is_root=False)
                answer = self._refer(state, result, position=len(stack))
                continue
            answer = self._known(child, depth=len(stack))
            if answer is None:
                self._positions[id(child)] = len(stack)
                stack.append((child, self._compute(child, None)))

    def _known(self, state: ConfigState, *, depth: int) -> _Answer | None:
        position = self._positions.get(id(state))
        if position is not None:
            return _Answer(OBJECT + LOOP + _INTEGER.pack(depth - position), position, False)
        answer = self._answers.get(id(state))
        if answer is None and state.identity is not None and state.sealed and _is_settled(state):
            answer = self._refer(state, _Result(state.identity, _NOWHERE, False), position=depth)
        return answer

    def _refer(self, state: ConfigState, result: _Result, *, position: int) -> _Answer:
        reference, contextual = OBJECT + result.digest, result.contextual
        if state.xpmtype.is_instance:
            contextual = True
            rank = self._rank(state, result.digest)
            reference += INSTANCE + _INTEGER.pack(rank) if rank else b""
        answer = _Answer(reference, result.lowest if result.lowest < position else _NOWHERE, contextual)
        if result.lowest > position:
            self._answers[id(state)] = answer
        return answer

    def _rank(self, state: ConfigState, digest: bytes) -> int:
        """The position of an instance configuration among those with the same digest, in the order they are met."""
        met = self._instances.setdefault(digest, [])
        if id(state) not in met:
            met.append(id(state))
        return met.index(id(state))

    def _compute(self, state: ConfigState, partial: Partial | None) -> _Computation:
        """Asks for each configuration below, in the order of the bytes, then puts the bytes together."""
        while state.xpmtype.converts:
            state = _converted(state)
            self._converted.append(state)
        kept = [(argument, _kept_items(value)) for argument, value in _identified(state, partial)]
        references: dict[int, bytes] = {}
        lowest, contextual = _NOWHERE, False
        for child in _children(state, kept):
            answer = yield child
            references[id(child)] = answer.reference
            lowest, contextual = min(lowest, answer.lowest), contextual or answer.contextual
        return _Result(sha256(_body(state, kept, references)).digest(), lowest, contextual)


def _converted(state: ConfigState) -> ConfigState:
    target: Configuration = state.pyobject.__convert__()  # type: ignore[attr-defined]  # `converts` says that it is there
    return target.__xpm__


def _remember(state: ConfigState, result: _Result, *, position: int, is_root: bool) -> None:
    contextual = result.contextual or result.lowest <= position
    if state.sealed and (is_root or not contextual):
        state.identity, state.contextual = result.digest, contextual


def _is_settled(state: ConfigState) -> bool:
    """Whether the digest is the same everywhere: a job keeps the one that it was submitted with."""
    return not state.contextual or state.is_job or state.loaded


def _identified(state: ConfigState, partial: Partial | None) -> Iterator[tuple[Argument, Any]]:  # Any: users' values
    values = state.values
    for argument in state.xpmtype.identified:
        if partial is not None and partial.excludes(argument.groups):
            continue
        try:
            value = values[argument.name]
        except KeyError:
            if argument.ignored:
                continue
            raise MissingValueError(state, [argument.name]) from None
        if value is None and argument.default_when_none is not None:
            value = argument.default_when_none
        if _counts(argument, value):
            yield argument, value


def _counts(argument: Argument, value: Any) -> bool:  # Any: the values of users
    """Whether a parameter is part of the identifier."""
    if isinstance(value, Configuration):
        meta = value.__xpm__.meta
        if meta or (argument.ignored and meta is not False):
            return False
    elif argument.ignored:
        return False
    if argument.constant:
        return True
    default = argument.default
    if default is None:
        return value is not None or argument.required
    return not (argument.ignore_default_in_identifier and bool(default == _kept_items(value)))


def _is_meta(value: object) -> bool:
    return isinstance(value, Configuration) and bool(value.__xpm__.meta)


def _kept_items(value: Any) -> Any:  # Any: the values of users
    """A container without its meta items."""
    match value:
        case list() | tuple() | set() | frozenset() if any(map(_is_meta, value)):
            return type(value)(item for item in value if not _is_meta(item))
        case dict() if any(map(_is_meta, value.values())):
            return {key: item for key, item in value.items() if not _is_meta(item)}
        case _:
            return value


def _children(state: ConfigState, kept: Sequence[tuple[Argument, Any]]) -> Iterator[ConfigState]:
    """The configurations referred to, in the order of the bytes."""
    if state.produced and state.task is not None:
        yield state.task.__xpm__
    for argument, value in kept:
        if not argument.type.plain:
            yield from _in_value(value)
    for task in state.init_tasks:
        yield task.__xpm__


def _in_value(value: object) -> Iterator[ConfigState]:
    match value:
        case Configuration():
            yield value.__xpm__
        case list() | tuple():
            for item in _kept_items(value):
                yield from _in_value(item)
        case set() | frozenset():
            for item in _sorted_set(value):
                yield from _in_value(item)
        case dict():
            for _, item in _sorted_items(value):
                yield from _in_value(item)
        case _:
            return


def _sorted_items(value: Mapping[Any, object]) -> list[tuple[Any, object]]:  # Any: keys that can be compared
    return sorted(_kept_items(value).items(), key=lambda item: item[0])


def _sorted_set(value: AbstractSet[object]) -> list[object]:
    return sorted(_kept_items(value), key=lambda item: sha256(_alone(item)).digest())


def _alone(item: object) -> bytes:
    """The bytes of a value outside of any context."""
    references = {id(state): OBJECT + identify(state) for state in configurations(item)}
    return b"".join(_encode(item, references))


def _body(state: ConfigState, kept: Sequence[tuple[Argument, object]], references: _References) -> bytes:
    parts = [OBJECT]
    if state.produced and state.task is not None:
        parts += (TASK, references[id(state.task.__xpm__)])
    parts.append(state.xpmtype.identifier.name.encode())
    for argument, value in kept:
        parts.append(argument.prefix)
        parts += _encode(value, references)
    if state.init_tasks:
        parts.append(INIT_TASKS)
        parts += (references[id(task.__xpm__)] for task in state.init_tasks)
    return b"".join(parts)


def _encode(value: Any, references: _References) -> Iterator[bytes]:  # Any: the values of users
    """The bytes of a value. The order of the cases matters: a boolean is an int, some enumerations are scalars."""
    match value:
        case None:
            yield NONE
        case float():
            yield FLOAT + _DOUBLE.pack(value)
        case int():
            yield _encode_integer(int(value))
        case str():
            yield TEXT + str.encode(value)
        case list():
            yield from _encode_items(LIST, _kept_items(value), references)
        case set():
            yield from _encode_items(SET, _sorted_set(value), references)
        case Enum():
            yield ENUM + f"{type(value).__module__}.{type(value).__qualname__}:{value.name}".encode()
        case dict():
            yield DICT
            for key, item in _sorted_items(value):
                yield from _encode(key, references)
                yield from _encode(item, references)
        case Configuration():
            yield references[id(value.__xpm__)]
        case tuple():
            yield from _encode_items(TUPLE, _kept_items(value), references)
        case frozenset():
            yield from _encode_items(FROZENSET, _sorted_set(value), references)
        case PurePath():
            text = value.as_posix().encode()
            yield PATH + _INTEGER.pack(len(text)) + text
        case _:
            raise UnidentifiableError(value)


def _encode_items(tag: bytes, items: Sequence[object], references: _References) -> Iterator[bytes]:
    yield tag + _DOUBLE.pack(len(items))
    for item in items:
        yield from _encode(item, references)


def _encode_integer(value: int) -> bytes:
    if value in _INT64:
        return INTEGER + _INTEGER.pack(value)
    data = value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True)
    return BIG_INTEGER + _INTEGER.pack(len(data)) + data
