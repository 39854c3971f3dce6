"""Why two jobs are not the same one: the parameters that differ.

All is read from the files of the jobs, those of release 2.7 included; no class of users is imported.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

from experimaestro._types import JobId
from experimaestro.core.difference import Change, Difference, differences
from experimaestro.core.document import Document, Entry, Json
from experimaestro.exceptions import HandledException
from experimaestro.workspace import plain
from experimaestro.workspace.identity import read_identity
from experimaestro.workspace.layout import JobDirectory

UPSTREAM: Final = 20
"""Tasks that are followed at most, from one to the one that produced its input."""


class NoParametersError(HandledException):
    """There is no description of a task where one is expected."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} does not describe a task: expected a job directory or its params.json")


class TaskDescription(NamedTuple):
    """A task, as `params.json` tells it."""

    path: Path
    """The file."""
    name: str
    """``<task>/<job identifier>``."""
    parameters: Document
    """All parameters, those that do not count in the identifier included."""
    identifiers: Mapping[int, str]
    """Those of the configurations of this document."""
    counted: Document | None
    """What counts; None for a job of release 2.7, which did not record it."""
    jobs: Path
    """Where the other jobs of the workspace are."""


class Explained(NamedTuple):
    """One parameter that differs, and why."""

    difference: Difference
    is_default: bool = False
    """Both tasks have the same value; it counts in one identifier only: it was the default, or is now."""
    upstream: Sequence[Difference] = ()
    """For another task upstream: how it differs itself; if that is by another task, how that one does, and so on."""


class Explanation(NamedTuple):
    """How two tasks differ."""

    before: TaskDescription
    after: TaskDescription
    found: Sequence[Explained]
    """What makes two identifiers of them."""
    ignored: Sequence[Difference]
    """What does not count in identifiers."""

    @property
    def is_certain(self) -> bool:
        """Whether both tasks recorded what counts in their identifiers."""
        return self.before.counted is not None and self.after.counted is not None


def read_task(path: Path) -> TaskDescription:
    """Reads a job directory, or a `params.json`.

    Raises NoParametersError.
    """
    file = (path / "params.json" if path.is_dir() else path).absolute()
    data = plain.load(file)
    objects = plain.mappings(data, "objects") if data is not None else []
    if data is None or not objects:
        raise NoParametersError(path)
    root = objects[-1]
    directory = JobDirectory(file.parent, "")
    is_in_workspace = directory.path.name == root.get("identifier")
    name = f"{directory.task_id}/{directory.job_id}" if is_in_workspace else _job_name(root)
    identity = read_identity(directory) if is_in_workspace else None
    jobs = directory.path.parents[1] if is_in_workspace else Path(plain.text(data, "workspace") or ".") / "jobs"
    parameters, identifiers = _parameters(objects)
    return TaskDescription(file, name, parameters, identifiers, identity.document if identity else None, jobs)


def explain(before: TaskDescription, after: TaskDescription) -> Explanation:
    """Tells how two tasks differ, following those upstream to the first parameter that differs."""
    all_found = differences(before.parameters, after.parameters)
    found = list(_counted(before, after))
    kept = {item.difference.steps for item in found}
    ignored = [difference for difference in all_found if difference.steps not in kept]
    explained = [item._replace(upstream=_upstream(item.difference, before.jobs, after.jobs)) for item in found]
    return Explanation(before, after, explained, ignored)


def explain_job(directory: Path) -> Explanation | None:
    """Compares a job with the nearest one of the same task: the earlier one that differs least, then the latest.

    None when there is no earlier job.

    Raises NoParametersError.
    """
    task = read_task(directory)
    nearest = min(_earlier(task), key=lambda other: _distance(other, task), default=None)
    return explain(nearest, task) if nearest is not None else None


def _earlier(task: TaskDescription) -> Iterator[TaskDescription]:
    written_at = task.path.stat().st_mtime_ns
    for path in task.path.parents[1].glob("*/params.json"):
        if path != task.path and path.stat().st_mtime_ns <= written_at:
            with suppress(NoParametersError):
                yield read_task(path)


def _distance(earlier: TaskDescription, task: TaskDescription) -> tuple[int, int]:
    return sum(1 for _ in _counted(earlier, task)), -earlier.path.stat().st_mtime_ns


def _counted(before: TaskDescription, after: TaskDescription) -> Iterator[Explained]:
    """The differences that count in identifiers: none is in configurations with the same identifier."""
    found = differences(
        before.parameters,
        after.parameters,
        are_alike=lambda left, right: before.identifiers[left] == after.identifiers[right] != "",
    )
    if before.counted is None or after.counted is None:
        yield from (Explained(difference) for difference in found if not _is_left_out(difference))
        return
    given: set[tuple[str, ...]] = set()
    for counted in differences(before.counted, after.counted):
        same_place = [difference for difference in found if difference.is_at(counted.steps)]
        is_default = not same_place and counted.change in (Change.ADDED, Change.REMOVED)
        for difference in same_place or [counted]:
            if difference.steps not in given:
                given.add(difference.steps)
                yield Explained(difference, is_default)


def _is_left_out(difference: Difference) -> bool:
    """Whether paths alone differ, or a parameter without value: release 2.7 leaves both out of identifiers."""
    values = [value for value in difference.values if value is not None]
    return difference.change is not Change.TASK and all(isinstance(value, dict) and "path" in value for value in values)


def _upstream(difference: Difference, before: Path, after: Path) -> list[Difference]:
    """How two other tasks differ, up to the first difference that is no other task."""
    chain: list[Difference] = []
    while difference.change in (Change.TASK, Change.ORIGIN) and len(chain) < UPSTREAM:
        left, right = _find(difference.before, before), _find(difference.after, after)
        if left is None or right is None:
            break
        first = next(_counted(left, right), None)
        if first is None:
            break
        difference = first.difference
        chain.append(difference)
    return chain


def _find(name: str, jobs: Path) -> TaskDescription | None:
    """The task of a job, which is known by its identifier: its directory may have another name than its class."""
    identifier = JobId(name.rpartition("/")[2])
    if not identifier or not jobs.is_dir():
        return None
    directories = (task / identifier for task in jobs.iterdir())
    found = next((path for path in directories if (path / "params.json").exists()), None)
    with suppress(NoParametersError):
        return read_task(found) if found is not None else None
    return None


# From the definitions of `params.json` to a document


def _job_name(definition: plain.Plain) -> str:
    return f"{plain.text(definition, 'typename') or 'task'}/{plain.text(definition, 'identifier') or ''}"


def _parameters(objects: Sequence[plain.Plain]) -> tuple[Document, Mapping[int, str]]:
    """Everything that the definitions say, and the identifiers."""
    known = {plain.integer(definition, "id") or 0: definition for definition in objects}
    root = plain.integer(objects[-1], "id") or 0
    reader = _Reader(known, root)
    entries = {number: reader.entry(number, definition) for number, definition in known.items()}
    identifiers = {number: plain.text(definition, "identifier") or "" for number, definition in known.items()}
    return Document(entries, root), identifiers


class _Reader:
    """Reads values as documents have them."""

    def __init__(self, known: Mapping[int, plain.Plain], root: int) -> None:
        self._known = known
        self._root = root

    def entry(self, number: int, definition: plain.Plain) -> Entry:
        fields = plain.mapping(definition, "fields")
        task = plain.integer(definition, "task") or 0
        return Entry(
            plain.text(definition, "typename") or "?",
            {name: self._value(value) for name, value in fields.items() if not self._is_meta(value)},
            task=_job_name(self._known[task]) if task in self._known and task not in (number, self._root) else None,
            init_tasks=[self._reference(task) for task in plain.items(definition, "init-tasks")],
        )

    def _is_meta(self, value: object) -> bool:
        """Whether a value is a configuration that does not count, whatever it is."""
        number = plain.integer(plain.as_mapping(value) or {}, "value") or 0
        return number in self._known and plain.flag(self._known[number], "meta")

    def _reference(self, number: object) -> Json:
        definition = self._known.get(number) if isinstance(number, int) else None
        if definition is None:
            return None
        is_job = definition.get("task") == number or plain.flag(definition, "stub")
        return {"task": _job_name(definition)} if is_job else {"config": plain.integer(definition, "id")}

    def _value(self, value: object) -> Json:
        wrapped: plain.Plain = {"items": value}
        if isinstance(value, list):
            return [self._value(item) for item in plain.items(wrapped, "items")]
        data = plain.as_mapping(value)
        if data is not None:
            return self._object(data)
        return value if isinstance(value, int | float | str) else None

    def _object(self, data: plain.Plain) -> Json:
        match data:
            case {"type": "python", "value": number}:
                return self._reference(number)
            case {"type": "path" | "path.serialized", "value": str(path)}:
                return {"path": path}
            case {"type": "set" | "frozenset" | "tuple"}:
                return {str(data["type"]): [self._value(item) for item in plain.items(data, "items")]}
            case {"type": "enum", "module": module, "enum": name, "value": member}:
                return {"enum": f"{module}.{name}.{member}"}
            case {"type": "dict"}:
                return {"dict": [self._value(entry) for entry in plain.items(data, "items")]}
            case _:
                return {"dict": [[key, self._value(item)] for key, item in data.items()]}
