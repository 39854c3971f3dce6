"""Identifiers: the SHA-256 of the canonical bytes of a configuration.

The bytes are those of release 2.7, so that its results are found again; `docs/identifiers.md` specifies them. The
work is proportional to the number of configurations, and does not recurse: a chain of tasks may be of any length.
"""

from __future__ import annotations

import struct
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Iterator, Sequence
from enum import Enum
from pathlib import PurePath
from typing import Any, Final, NamedTuple

from experimaestro.core.containers import Collection, Dictionary, collected, is_collection, is_dictionary, is_sequence
from experimaestro.core.hashing import sha256
from experimaestro.core.names import ConfigIdentifier as ConfigIdentifier
from experimaestro.core.partials import Partial
from experimaestro.core.state import Argument, ConfigState, Configuration, Declared
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


_NOWHERE: Final = sys.maxsize

Computation = Generator[ConfigState, bytes, None]
"""Asks for what stands for each configuration that the bytes refer to, in the order of the bytes."""


class _Answer(NamedTuple):
    """What a configuration learns of one that it refers to."""

    reference: bytes
    """What stands for it."""
    lowest: int
    """The lowest position, among the configurations being computed, that something below refers to."""
    contextual: bool
    """Instance configurations stand below: the reference depends on those met before."""


class _Work:
    """A configuration being computed."""

    __slots__ = ("computation", "contextual", "lowest", "parts", "state")

    def __init__(self, state: ConfigState, computation: Computation, parts: list[bytes]) -> None:
        self.state: Final = state
        self.parts: Final = parts
        """What the computation has written."""
        self.computation: Final = computation
        self.lowest = _NOWHERE
        self.contextual = False

    def learn(self, answer: _Answer) -> bytes:
        """Takes an answer into account, and returns its bytes."""
        self.lowest = min(self.lowest, answer.lowest)
        self.contextual = self.contextual or answer.contextual
        return answer.reference


def identify(state: ConfigState) -> bytes:
    """Returns the digest of a configuration, and remembers it when it is sealed.

    Raises MissingValueError, UnidentifiableError.
    """
    return Identities().digest(state)


def identify_partial(state: ConfigState, partial: Partial) -> bytes:
    """Returns the digest of a configuration without the parameters that the partial identifier leaves out."""
    return Identities().compute(state, partial)


class Digests(ABC):
    """Digests of configurations that share parts, none of which changes meanwhile; of what, subclasses say."""

    def __init__(self) -> None:
        self.answers: Final[dict[int, _Answer]] = {}
        self.converted: Final[list[ConfigState]] = []
        """Kept alive: an address stands for an object as long as it lives."""

    def compute(self, state: ConfigState, partial: Partial | None = None) -> bytes:
        """The digest of a configuration, and on the way of all those that it holds."""
        return _Root(self).digest(state, partial)

    @abstractmethod
    def body(self, state: ConfigState, source: ConfigState, partial: Partial | None, parts: list[bytes]) -> Computation:
        """Appends the bytes of a configuration.

        :param source: the configuration whose parameters count: not `state` itself when its class is deprecated.
        """

    @abstractmethod
    def reference(self, digest: bytes, rank: int) -> bytes:
        """What stands for a configuration; the rank tells equal instance configurations apart."""

    @abstractmethod
    def loop(self, levels: int) -> bytes:
        """What stands for the configuration that is so many levels above."""

    @abstractmethod
    def settled(self, state: ConfigState) -> bytes | None:
        """The digest of a configuration, when it is known from before and the same everywhere."""

    @abstractmethod
    def settle(self, state: ConfigState, digest: bytes, body: bytes, *, contextual: bool, is_root: bool) -> None:
        """Takes note of a digest.

        :param contextual: the digest depends on the configurations around.
        """


class Identities(Digests):
    """Identifiers. Sealed configurations remember theirs."""

    def digest(self, state: ConfigState) -> bytes:
        """As `identify`."""
        if state.identity is not None and state.sealed:
            return state.identity
        return self.compute(state)

    def body(self, state: ConfigState, source: ConfigState, partial: Partial | None, parts: list[bytes]) -> Computation:
        return _write_body(source, partial, parts)

    def reference(self, digest: bytes, rank: int) -> bytes:
        return OBJECT + digest + (INSTANCE + _INTEGER.pack(rank) if rank else b"")

    def loop(self, levels: int) -> bytes:
        return OBJECT + LOOP + _INTEGER.pack(levels)

    def settled(self, state: ConfigState) -> bytes | None:
        return state.identity if state.sealed and _is_settled(state) else None

    def settle(self, state: ConfigState, digest: bytes, body: bytes, *, contextual: bool, is_root: bool) -> None:
        if state.sealed and (is_root or not contextual):
            state.identity, state.contextual = digest, contextual


class _Root:
    """One computation, from a root to all that it holds."""

    def __init__(self, digests: Digests) -> None:
        self._positions: dict[int, int] = {}
        self._digests = digests
        self._contextual: dict[int, _Answer] = {}
        """Answers that are valid for this root only."""
        self._instances: dict[bytes, dict[int, int]] = {}

    def digest(self, root: ConfigState, partial: Partial | None = None) -> bytes:
        stack = [self._begin(root, partial, position=0)]
        answer: _Answer | None = None
        while True:
            work = stack[-1]
            try:
                child = next(work.computation) if answer is None else work.computation.send(work.learn(answer))
            except StopIteration:
                digest = self._end(stack.pop(), position=len(stack), keep=partial is None or bool(stack))
                if not stack:
                    return digest
                answer = self._refer(work, digest, position=len(stack))
            else:
                answer = self._known(child, depth=len(stack))
                if answer is None:
                    stack.append(self._begin(child, None, position=len(stack)))

    def _begin(self, state: ConfigState, partial: Partial | None, *, position: int) -> _Work:
        self._positions[id(state)] = position
        source = state
        while source.xpmtype.converts:
            source = _converted(source)
            self._digests.converted.append(source)
        parts: list[bytes] = []
        return _Work(state, self._digests.body(state, source, partial, parts), parts)

    def _end(self, work: _Work, *, position: int, keep: bool) -> bytes:
        body = b"".join(work.parts)
        digest = sha256(body)
        del self._positions[id(work.state)]
        if keep:
            contextual = work.contextual or work.lowest <= position
            self._digests.settle(work.state, digest, body, contextual=contextual, is_root=position == 0)
        return digest

    def _known(self, state: ConfigState, *, depth: int) -> _Answer | None:
        position = self._positions.get(id(state))
        if position is not None:
            return _Answer(self._digests.loop(depth - position), position, False)
        answer = self._digests.answers.get(id(state)) or self._contextual.get(id(state))
        if answer is None and (digest := self._digests.settled(state)) is not None:
            answer = self._answer(state, digest, _NOWHERE, False)
            self._keep(state, answer)
        return answer

    def _refer(self, work: _Work, digest: bytes, *, position: int) -> _Answer:
        lowest = work.lowest if work.lowest < position else _NOWHERE
        answer = self._answer(work.state, digest, lowest, work.contextual)
        if work.lowest > position:
            self._keep(work.state, answer)
        return answer

    def _keep(self, state: ConfigState, answer: _Answer) -> None:
        (self._contextual if answer.contextual else self._digests.answers)[id(state)] = answer

    def _answer(self, state: ConfigState, digest: bytes, lowest: int, contextual: bool) -> _Answer:
        if not state.xpmtype.is_instance:
            return _Answer(self._digests.reference(digest, 0), lowest, contextual)
        return _Answer(self._digests.reference(digest, self._rank(state, digest)), lowest, True)

    def _rank(self, state: ConfigState, digest: bytes) -> int:
        """The position of an instance configuration among those with the same digest, in the order they are met."""
        met = self._instances.setdefault(digest, {})
        return met.setdefault(id(state), len(met))


class ConversionError(ExperimaestroError, TypeError):
    """A deprecated class is converted to something else than what replaces it."""

    def __init__(self, state: ConfigState, found: object) -> None:
        super().__init__(
            f"{state.xpmtype.name()}.__convert__ (built at {state.where()}) returned {describe(found)}, expected a "
            f"configuration of the class that replaces it, {str(state.xpmtype.identifier)!r}"
        )


def conversion(state: ConfigState) -> Configuration:
    """What the configuration of a deprecated class became.

    Raises ConversionError.
    """
    convert: Callable[[], Any] = state.pyobject.__convert__  # Any: whatever the user returns
    found: object = convert()
    target = state.xpmtype.replacement or Declared
    if not isinstance(found, Configuration) or not (isinstance(found, target) or _share_identifier(found, state)):
        raise ConversionError(state, found)
    return found


def _share_identifier(config: Configuration, former: ConfigState) -> bool:
    """Whether the class of a configuration stands for the one that replaces a deprecated class."""
    return config.__xpm__.xpmtype.identifier == former.xpmtype.identifier


def _converted(state: ConfigState) -> ConfigState:
    return conversion(state).__xpm__


def _is_settled(state: ConfigState) -> bool:
    """Whether the digest is the same everywhere: a job keeps the one that it was submitted with."""
    return not state.contextual or state.is_job or state.loaded


def identified(state: ConfigState, partial: Partial | None) -> Iterator[tuple[Argument, Any]]:  # Any: users' values
    """The parameters that count, with the value that is taken for each.

    Raises MissingValueError.
    """
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
    return not (argument.ignore_default_in_identifier and bool(default == kept_items(value)))


def _is_meta(value: object) -> bool:
    return isinstance(value, Configuration) and bool(value.__xpm__.meta)


def kept_items(value: Any) -> Any:  # Any: the values of users
    """A container without its meta items."""
    if is_collection(value) and any(map(_is_meta, value)):
        return collected(value, [item for item in value if not _is_meta(item)])
    if is_dictionary(value) and any(map(_is_meta, value.values())):
        return {key: item for key, item in value.items() if not _is_meta(item)}
    return value


def _write_body(state: ConfigState, partial: Partial | None, parts: list[bytes]) -> Computation:
    """Appends the bytes of a configuration."""
    parts.append(OBJECT)
    if state.produced and state.task is not None:
        parts += (TASK, (yield state.task.__xpm__))
    parts.append(state.xpmtype.identifier.name.encode())
    for argument, value in identified(state, partial):
        parts.append(argument.prefix)
        if isinstance(value, Configuration):
            parts.append((yield value.__xpm__))
        elif argument.type.plain:
            parts.append(_scalar(value))
        else:
            yield from _write(value, parts)
    if state.init_tasks:
        parts.append(INIT_TASKS)
        for task in state.init_tasks:
            parts.append((yield task.__xpm__))


def _write(value: object, parts: list[bytes]) -> Computation:
    """Appends the bytes of a value."""
    if isinstance(value, Configuration):
        parts.append((yield value.__xpm__))
    elif is_collection(value):
        tag, items = _items(value)
        parts.append(tag + _DOUBLE.pack(len(items)))
        for item in items:
            yield from _write(item, parts)
    elif is_dictionary(value):
        parts.append(DICT)
        for key, item in _sorted_items(kept_items(value)):
            yield from _write(key, parts)
            yield from _write(item, parts)
    else:
        parts.append(_scalar(value))


def _items(value: Collection) -> tuple[bytes, Sequence[object]]:
    kept: Collection = kept_items(value)
    if is_sequence(kept):
        return LIST if isinstance(kept, list) else TUPLE, kept
    return SET if isinstance(kept, set) else FROZENSET, sorted(kept, key=_alone_digest)


def _sorted_items(value: Dictionary) -> list[tuple[object, object]]:
    """Texts and numbers in their own order; other keys, that Python cannot always compare, in that of their bytes."""
    comparable = all(isinstance(key, str) for key in value) or all(isinstance(key, int | float) for key in value)
    return sorted(value.items(), key=(lambda item: item[0]) if comparable else (lambda item: bytes_alone(item[0])))


def _alone_digest(item: object) -> bytes:
    return sha256(bytes_alone(item))


def bytes_alone(item: object) -> bytes:
    """The bytes of a value outside of any context."""
    parts: list[bytes] = []
    computation = _write(item, parts)
    try:
        child = next(computation)
        while True:
            child = computation.send(OBJECT + identify(child))
    except StopIteration:
        return b"".join(parts)


def _scalar(value: object) -> bytes:
    """The bytes of a scalar. The order of the cases matters: a boolean is an int, some enumerations are scalars."""
    match value:
        case None:
            return NONE
        case float():
            return FLOAT + _DOUBLE.pack(value)
        case int():
            return _integer(int(value))
        case str():
            return TEXT + str.encode(value)
        case Enum():
            return ENUM + f"{type(value).__module__}.{type(value).__qualname__}:{value.name}".encode()
        case PurePath():
            text = value.as_posix().encode()
            return PATH + _INTEGER.pack(len(text)) + text
        case _:
            raise UnidentifiableError(value)


def _integer(value: int) -> bytes:
    if value in _INT64:
        return INTEGER + _INTEGER.pack(value)
    data = value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True)
    return BIG_INTEGER + _INTEGER.pack(len(data)) + data
