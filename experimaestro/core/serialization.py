"""Saving configurations to a directory, and loading them back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, Literal, overload

from experimaestro._files import write_json
from experimaestro.core.containers import is_dictionary, is_sequence
from experimaestro.core.context import SerializationContext
from experimaestro.core.definitions import DefinitionWriter
from experimaestro.core.environment import Env
from experimaestro.core.format import PARAMETERS_VERSION, Definition, Json, SerializedPath
from experimaestro.core.loading import load_parameters, read_json, references
from experimaestro.core.reloading import read_definitions
from experimaestro.core.state import Configuration, configurations
from experimaestro.core.values import describe

DEFINITION_FILE: Final = "experimaestro.json"
FORMER_DEFINITION_FILE: Final = "definition.json"

Source = Path | str | Callable[["SerializedPath | Path | str"], Path]
"""A directory, or a function that returns the local path of a file or of saved data."""


def state_dict(context: SerializationContext, value: Any) -> dict[str, Json]:  # Any: a structure of configurations
    """Returns a JSON object that describes configurations, in a list, a tuple, a dictionary or alone.

    Raises TypeError for what cannot be saved.
    """
    if not (isinstance(value, Configuration) or is_sequence(value) or is_dictionary(value)):
        raise TypeError(f"found {describe(value)}, expected a configuration, or a list, tuple or dictionary of them")
    writer = DefinitionWriter(context)
    objects = [definition for state in configurations(value) for definition in writer.write(state)]
    return {"objects": objects, "data": writer.value(value)}


def from_state_dict(
    state: dict[str, Json] | list[Definition],
    path: Source | None = None,
    *,
    as_instance: bool = False,
    partial_loading: bool | None = None,
) -> Any:  # Any: what was saved
    """Returns what `state_dict` described.

    :param path: where the saved data are.
    :param as_instance: gives instances, not configurations.
    :param partial_loading: tasks known only as the origin of something are named, and not imported; by default, when
        instances are wanted.
    :raises LoadingError: when a class cannot be found, or does not derive from `Config`.
    """
    if isinstance(state, list):
        state = {"objects": state, "data": {"type": "python", "value": state[-1]["id"]}}
    definitions = read_definitions(
        state["objects"],
        as_instance=as_instance,
        loader=loader_of(path) if path is not None else None,
        partial_loading=partial_loading,
        roots=references(state["data"]),
    )
    return definitions.value(state["data"])


def loader_of(source: Source) -> Callable[[SerializedPath], Path]:
    """Gives the local path of the data saved there."""
    if callable(source):
        return source
    return lambda saved: Path(source) / saved.path


def save(value: Any, directory: Path | str, definition_filename: str = DEFINITION_FILE) -> None:  # Any: as state_dict
    """Saves configurations, and a copy of the data that they refer to (`DataPath`), in an existing directory.

    Raises OSError, TypeError.
    """
    context = SerializationContext(save_directory=Path(directory))
    write_json(Path(directory) / definition_filename, state_dict(context, value))


def load(
    path: Source,
    as_instance: bool = False,  # a public signature
    partial_loading: bool | None = None,
    definition_filename: str | None = None,
) -> Any:  # Any: what was saved
    """Loads what `save` saved in a directory.

    Raises OSError, LoadingError.
    """
    state = read_json(definition_path(path, definition_filename))
    return from_state_dict(state, path, as_instance=as_instance, partial_loading=partial_loading)


def definition_path(source: Source, filename: str | None) -> Path:
    """The file with the definitions; a former name is tried when none is given."""
    names = (filename,) if filename else (DEFINITION_FILE, FORMER_DEFINITION_FILE)
    candidates = (source(name) if callable(source) else Path(source) / name for name in names)
    first = next(candidates)  # a function may download what it is asked for
    return first if first.exists() else next((path for path in candidates if path.exists()), first)


def serialize(
    value: Any,  # Any: a configuration
    directory: Path | str,
    *,
    init_tasks: Sequence[Any] = (),  # Any: lightweight tasks
    definition_filename: str = DEFINITION_FILE,
) -> None:
    """Saves a configuration with the tasks that initialize it."""
    save([value, list(init_tasks)], directory, definition_filename)


@overload
def deserialize(
    path: Source,
    as_instance: Literal[False] = False,
    partial_loading: bool | None = None,
    definition_filename: str | None = None,
) -> tuple[Any, list[Any]]: ...  # Any: what was saved
@overload
def deserialize(
    path: Source,
    as_instance: bool,  # a public signature
    partial_loading: bool | None = None,
    definition_filename: str | None = None,
) -> Any: ...  # Any: what was saved, alone if it is an instance
def deserialize(
    path: Source,
    as_instance: bool = False,  # a public signature
    partial_loading: bool | None = None,
    definition_filename: str | None = None,
) -> Any:  # Any: what was saved
    """Loads what `serialize` saved: the configuration and its initialization tasks.

    As an instance: runs them, and returns the object.
    """
    value, init_tasks = load(path, as_instance, partial_loading, definition_filename)
    if not as_instance:
        return value, init_tasks
    for task in init_tasks:
        task.execute()
    return value


def parameters(task: Configuration, job_path: Path, workspace_path: Path, version: str) -> dict[str, Json]:
    """The contents of `params.json`: what the process of a job needs to know of its task."""
    context = SerializationContext(job_path=job_path, workspace_path=workspace_path)
    objects = DefinitionWriter(context, stubs=True).write(task.__xpm__)
    return {
        "workspace": str(workspace_path),
        "version": PARAMETERS_VERSION,
        "experimaestro": version,
        "objects": objects,
    }


def from_task_dir(
    path: Path | str,
    as_instance: bool = False,  # a public signature
    partial_loading: bool | None = None,
) -> Any:  # Any: the task
    """Loads the task of a job from its directory.

    Raises OSError, LoadingError.
    """
    directory = Path(path)
    read = load_parameters(directory / "params.json")
    with Env.at(taskpath=directory, wspath=Path(read["workspace"])):
        definitions = read_definitions(read["objects"], as_instance=as_instance, partial_loading=partial_loading)
    return definitions[read["objects"][-1]["id"]]
