"""Documents: what the identifier of a configuration says, in words that people read and no two configurations share.

The identifier is a digest of bytes in which some configurations look alike (a text that contains a separator, 1 and
True). The document has all that counts in the identifier, written without ambiguity. Two configurations with the same
identifier and different documents must not share their results.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Hashable, Mapping, Sequence
from enum import Enum
from json.encoder import encode_basestring_ascii
from pathlib import PurePath
from typing import Any, Final, NamedTuple, NewType, TypeAlias, TypeGuard, TypeVar, cast

from experimaestro.core.containers import Collection, Dictionary, is_collection, is_dictionary
from experimaestro.core.context import job_identifier, task_identifier
from experimaestro.core.identifier import Computation, Digests, UnidentifiableError, identified, kept_items
from experimaestro.core.partials import Partial
from experimaestro.core.state import ConfigState, Configuration

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
"""How a document writes values.

Numbers, texts, booleans, None and lists are themselves; all else is an object with one of these keys: `float` (an
infinity, or nan), `int` (one of more than 64 bits), `path`, `enum` (with its `value` when it is a number or a text
too), `tuple`, `set`, `frozenset`, `dict` (its entries), `config` (the number of a configuration, with the rank of this
`instance` among equal ones), `loop` (how many levels above the configuration is), `task` (a submitted task: its job).
"""

Fingerprint = NewType("Fingerprint", str)
"""The digest of a document: 64 hexadecimal characters."""

K = TypeVar("K", bound=Hashable)

_INT64: Final = range(-(2**63), 2**63)

# Keys of the configurations of a document
TYPE: Final = "type"
TASK: Final = "task"
IGNORED_TASK: Final = "ignored-task"
PARAMETERS: Final = "parameters"
INIT_TASKS: Final = "init-tasks"
IGNORED_INIT_TASKS: Final = "ignored-init-tasks"


class Entry(NamedTuple):
    """What a document says of one configuration."""

    type: str
    """The type identifier, as it was written."""
    parameters: Mapping[str, Json]
    """Those that count in the identifier."""
    task: str | None = None
    """The task whose output this is: ``<task identifier>/<job identifier>``."""
    init_tasks: Sequence[Json] = ()
    ignored_task: str | None = None
    """The same for a deprecated configuration, in whose identifier the task does not count."""
    ignored_init_tasks: Sequence[Json] = ()

    def to_json(self) -> dict[str, Json]:
        """Plain data, without what is empty."""
        written: dict[str, Json] = {
            TYPE: self.type,
            TASK: self.task,
            IGNORED_TASK: self.ignored_task,
            PARAMETERS: dict(self.parameters),
            INIT_TASKS: list(self.init_tasks),
            IGNORED_INIT_TASKS: list(self.ignored_init_tasks),
        }
        return {key: value for key, value in written.items() if value or key == PARAMETERS}


class Document:
    """All that counts in the identifier of a configuration, and of those that it holds.

    Documents are equal when all that they say is.
    """

    __slots__ = ("configurations", "root")

    def __init__(self, configurations: Mapping[int, Entry], root: int = 0) -> None:
        self.configurations: Final = configurations
        """By number; equal ones are described once."""
        self.root: Final = root

    @classmethod
    def from_json(cls, data: Sequence[Mapping[str, Any]]) -> Document:  # Any: JSON, as `to_json` wrote it
        """Reads what `to_json` gave.

        Raises LookupError, TypeError, AttributeError for something else.
        """
        return cls({number: _entry(item) for number, item in enumerate(data)})

    def to_json(self) -> list[dict[str, Json]]:
        """Plain data: the configurations in the order of their numbers, the described one first."""
        return [self.configurations[number].to_json() for number in range(len(self.configurations))]

    def part(self, number: int) -> Document:
        """The document of one of the configurations."""
        return _collected(number, self.configurations.__getitem__)

    def __str__(self) -> str:
        """One paragraph for each configuration, one line for each parameter."""
        return "\n".join(line for number in self.configurations for line in self._paragraph(number))

    def _paragraph(self, number: int) -> list[str]:
        entry = self.configurations[number]
        lines = [f"#{number} {entry.type}"]
        lines += [f"  {name} = {literal(value, _numbered)}" for name, value in entry.parameters.items()]
        lines += [f"  after {literal(task, _numbered)}" for task in entry.init_tasks]
        lines += [f"  made by {entry.task}"] if entry.task else []
        lines += [f"  made by {entry.ignored_task} (ignored)"] if entry.ignored_task else []
        lines += [f"  after {literal(task, _numbered)} (ignored)" for task in entry.ignored_init_tasks]
        return lines

    def __repr__(self) -> str:
        return f"Document({self.configurations[self.root].type}, {len(self.configurations)} configurations)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Document) and same(self.to_json(), other.to_json())

    def __hash__(self) -> int:
        return hash(canonical(self.to_json()))


def _entry(data: Mapping[str, Any]) -> Entry:  # Any: JSON
    return Entry(
        data[TYPE],
        dict(data[PARAMETERS].items()),
        data.get(TASK),
        tuple(data.get(INIT_TASKS, ())),
        data.get(IGNORED_TASK),
        tuple(data.get(IGNORED_INIT_TASKS, ())),
    )


def document(config: Configuration) -> Document:
    """Returns the document of a configuration: what its identifier is computed from, in readable words.

    Two configurations with the same identifier have the same document, unless identifiers confuse them: what an
    experiment refuses to submit.

    Raises TypeError for something else than a configuration, MissingValueError.
    """
    if not isinstance(cast("object", config), Configuration):  # whatever the user wrote
        raise TypeError(f"found {config!r}, expected a configuration: write {type(config).__qualname__}.C(...)")
    documents = Documents()
    return documents.document(documents.fingerprint(config))


def canonical(value: Json | list[dict[str, Json]]) -> str:
    """A text that is the same for the same value only: 1, 1.0 and True are three."""
    return json.dumps(value, separators=(",", ":"))


def same(one: Json | list[dict[str, Json]], other: Json | list[dict[str, Json]]) -> bool:
    """Whether two values of documents are the same: for Python, 1 equals True."""
    return canonical(one) == canonical(other)


class _Known(NamedTuple):
    """A configuration described before."""

    state: ConfigState
    task: Configuration | None
    """The task that it was the output of: a configuration may be marked later."""
    digest: bytes


class Documents(Digests):
    """Documents of configurations that share parts: sealed ones are looked at once."""

    def __init__(self) -> None:
        super().__init__()
        self._bodies: dict[str, bytes] = {}
        self._known: dict[int, _Known] = {}
        self._root: Configuration | None = None
        self._was_submitted = False
        """The root may have marked parts of itself as its outputs: as such, they are no part of it."""

    def fingerprint(self, config: Configuration) -> Fingerprint:
        """The digest of the document of a configuration, which can be asked for afterwards.

        Raises MissingValueError, UnidentifiableError.
        """
        self._root, self._was_submitted = config, False
        known = self.settled(config.__xpm__)
        if known is None:
            self._was_submitted = config.__xpm__.job is not None
            self.answers.clear()  # what is not sealed may have changed
            known = self.compute(config.__xpm__)
            self.converted.clear()
        return Fingerprint(known.hex())

    def document(self, fingerprint: Fingerprint) -> Document:
        """The document with that digest."""
        return _collected(str(fingerprint), lambda digest: _entry(json.loads(self._bodies[digest])))

    # What is written of a configuration, in JSON: the configurations that it holds are named by their digests

    def body(self, state: ConfigState, source: ConfigState, partial: Partial | None, parts: list[bytes]) -> Computation:
        parts.append(b'{"type":' + _text(source.xpmtype.identifier.spelling))
        parts += self._origin(TASK, source)
        parts += self._origin(IGNORED_TASK, state) if state is not source else ()
        yield from _write_parameters(source, partial, parts)
        yield from _write_init_tasks(INIT_TASKS, source, parts)
        if state is not source:
            yield from _write_init_tasks(IGNORED_INIT_TASKS, state, parts)
        parts.append(b"}")

    def _origin(self, key: str, state: ConfigState) -> Sequence[bytes]:
        if not state.produced or state.task is None or state.task is self._root:
            return ()
        return (f',"{key}":'.encode(), _text(_job(state.task)))

    def reference(self, digest: bytes, rank: int) -> bytes:
        instance = f',"instance":{rank}' if rank else ""
        return f'{{"config":"{digest.hex()}"{instance}}}'.encode()

    def loop(self, levels: int) -> bytes:
        return f'{{"loop":{levels}}}'.encode()

    def settled(self, state: ConfigState) -> bytes | None:
        known = None if self._was_submitted else self._known.get(id(state))
        return known.digest if known is not None and known.task is state.task else None

    def settle(self, state: ConfigState, digest: bytes, body: bytes, *, contextual: bool, is_root: bool) -> None:
        self._bodies[digest.hex()] = body
        if state.sealed and not contextual and (is_root or not self._was_submitted):
            self._known[id(state)] = _Known(state, state.task, digest)


def _text(value: str) -> bytes:
    return encode_basestring_ascii(value).encode()


def _job(config: Configuration) -> str:
    return f"{task_identifier(config)}/{job_identifier(config)}"


def _write_parameters(state: ConfigState, partial: Partial | None, parts: list[bytes]) -> Computation:
    parts.append(b',"parameters":{')
    separator = b""
    for argument, counted in identified(state, partial):
        value = counted if state.values.get(argument.name) is not None else None  # not what stands for None
        parts.append(separator + _text(argument.name) + b":")
        yield from _write(value, parts)
        separator = b","
    parts.append(b"}")


def _write_init_tasks(key: str, state: ConfigState, parts: list[bytes]) -> Computation:
    if state.init_tasks:
        parts.append(f',"{key}":'.encode())
        yield from _write_list(state.init_tasks, parts)


def _write(value: object, parts: list[bytes]) -> Computation:
    if isinstance(value, Configuration):
        state = value.__xpm__
        parts.append(b'{"task":' + _text(_job(value)) + b"}" if state.is_job else (yield state))
    elif is_collection(value):
        yield from _write_collection(kept_items(value), parts)
    elif is_dictionary(value):
        yield from _write_dictionary(kept_items(value), parts)
    else:
        parts.append(_scalar_text(value))


def _write_collection(value: Collection, parts: list[bytes]) -> Computation:
    if isinstance(value, list):
        yield from _write_list(value, parts)
    else:
        kind = "tuple" if isinstance(value, tuple) else "set" if isinstance(value, set) else "frozenset"
        parts.append(f'{{"{kind}":'.encode())
        yield from _write_list(value if isinstance(value, tuple) else sorted(value, key=_alone), parts)
        parts.append(b"}")


def _write_list(items: Sequence[object], parts: list[bytes]) -> Computation:
    parts.append(b"[")
    for rank, item in enumerate(items):
        parts.append(b"," if rank else b"")
        yield from _write(item, parts)
    parts.append(b"]")


def _write_dictionary(value: Dictionary, parts: list[bytes]) -> Computation:
    parts.append(b'{"dict":')
    yield from _write_list([list(item) for item in sorted(value.items(), key=lambda item: _alone(item[0]))], parts)
    parts.append(b"}")


def _alone(item: object) -> bytes:
    """What is written of a value outside of any context: what sorts those that have no order."""
    documents = Documents()
    parts: list[bytes] = []
    computation = _write(item, parts)
    try:
        child = next(computation)
        while True:
            child = computation.send(documents.reference(documents.compute(child), 0))
    except StopIteration:
        return b"".join(parts)


def _scalar_text(value: object) -> bytes:
    """The JSON of a scalar; for the most frequent ones, four times as fast as through `json.dumps`."""
    if type(value) is str:
        return _text(value)
    if type(value) is int and value in _INT64:
        return b"%d" % value
    return json.dumps(_scalar(value)).encode()


def _scalar(value: object) -> Json:
    """What is written of a scalar. The order of the cases matters: some enumerations are numbers, a boolean is one."""
    match value:
        case None | bool():
            return value
        case Enum():
            return _member(f"{type(value).__module__}.{type(value).__qualname__}.{value.name}", value)
        case float():
            return float(value) if math.isfinite(value) else {"float": repr(float(value))}
        case int():
            return int(value) if value in _INT64 else {"int": hex(value)}
        case str():
            return str.__str__(value)
        case PurePath():
            return {"path": value.as_posix()}
        case _:
            raise UnidentifiableError(value)


def _member(name: str, value: object) -> Json:
    """A member of an enumeration, with the number or the text that it is too."""
    match value:
        case float():
            return {"enum": name, "value": _scalar(float(value))}
        case int():
            return {"enum": name, "value": _scalar(int(value))}
        case str():
            return {"enum": name, "value": str.__str__(value)}
        case _:
            return {"enum": name}


def _collected(root: K, read: Callable[[K], Entry]) -> Document:
    """The configurations that are reached from a root, numbered: the nearest first."""
    numbers = {root: 0}
    pending = [root]
    found: dict[int, Entry] = {}

    def number(key: Any) -> int:  # Any: a value of the JSON that we wrote
        if key not in numbers:
            numbers[key] = len(numbers)
            pending.append(key)
        return numbers[key]

    for key in pending:  # which grows
        found[numbers[key]] = _renumbered(read(key), number)
    return Document(found)


def _renumbered(entry: Entry, number: Callable[[Json], int]) -> Entry:
    def renumbered(value: Json) -> Json:
        if is_reference(value):
            return {**value, "config": number(value["config"])}
        if isinstance(value, list):
            return [renumbered(item) for item in value]
        return {key: renumbered(item) for key, item in value.items()} if isinstance(value, dict) else value

    return entry._replace(
        parameters={name: renumbered(value) for name, value in entry.parameters.items()},
        init_tasks=tuple(map(renumbered, entry.init_tasks)),
        ignored_init_tasks=tuple(map(renumbered, entry.ignored_init_tasks)),
    )


def is_reference(value: Json) -> TypeGuard[dict[str, Json]]:
    """Whether a value of a document is a configuration that it describes."""
    return isinstance(value, dict) and "config" in value


def literal(value: Json, named: Callable[[int], str]) -> str:
    """How a value is shown to people: almost as it is written in Python."""
    match value:
        case {"config": int(number), "instance": rank}:
            return f"{named(number)} (instance {rank})"
        case {"config": int(number)}:
            return named(number)
        case {"loop": levels}:
            return f"(the configuration {levels} above)"
        case {"task": job}:
            return str(job)
        case {"path": path}:
            return f"Path({path!r})"
        case {"enum": name} | {"float": name} | {"int": name}:
            return str(name)
        case {"dict": [*entries]}:
            return f"{{{', '.join(map(_literal_entry(named), entries))}}}"
        case {"tuple": [*items]}:
            return f"({', '.join(literal(item, named) for item in items)}{',' if len(items) == 1 else ''})"
        case {"set": [*items]} | {"frozenset": [*items]}:
            return f"{{{', '.join(literal(item, named) for item in items)}}}" if items else "set()"
        case [*items]:
            return f"[{', '.join(literal(item, named) for item in items)}]"
        case _:
            return repr(value)


def _literal_entry(named: Callable[[int], str]) -> Callable[[Json], str]:
    def shown(entry: Json) -> str:
        match entry:
            case [key, item]:
                return f"{literal(key, named)}: {literal(item, named)}"
            case _:
                return repr(entry)

    return shown


def _numbered(number: int) -> str:
    return f"#{number}"
