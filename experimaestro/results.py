"""Reading an experiment back as objects."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from experimaestro.core.format import Definition
from experimaestro.core.reloading import Configurations
from experimaestro.core.serialization import from_state_dict
from experimaestro.exceptions import HandledException
from experimaestro.workspace.layout import RunDirectory
from experimaestro.workspace.runs import read_jobs, read_run_status


class NoExperimentInfoError(HandledException, FileNotFoundError):
    """A directory holds no run of an experiment."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} holds no run of an experiment: neither objects.jsonl nor configs.json")


class ExperimentInfo(NamedTuple):
    """The configurations of a run."""

    jobs: Mapping[str, Any]  # Any: the tasks of users
    """The tasks, by job identifier."""
    actions: Mapping[str, Any]  # Any: idem
    """The actions, by identifier."""


def load_xp_info(path: Path | str) -> ExperimentInfo:
    """Loads the tasks of a run from its directory, as configurations; what they share stays shared.

    Raises NoExperimentInfoError (a FileNotFoundError), LoadingError.
    """
    run = RunDirectory(Path(path))
    if run.objects_jsonl.exists():
        return _from_objects(run)
    former = run.path / "configs.json"
    if not former.exists():
        raise NoExperimentInfoError(run.path)
    return ExperimentInfo(from_state_dict(json.loads(former.read_text())), {})


def load_configs(path: Path | str) -> Mapping[str, Any]:  # Any: the tasks of users
    """The former name of ``load_xp_info(path).jobs``."""
    warnings.warn("load_configs(path) is deprecated: write load_xp_info(path).jobs", DeprecationWarning, stacklevel=2)
    return load_xp_info(path).jobs


def _from_objects(run: RunDirectory) -> ExperimentInfo:
    definitions = list(_definitions(run.objects_jsonl))
    wanted = {entry.job_id for entry in read_jobs(run)}
    status = read_run_status(run)
    actions = set(status.actions) if status is not None else set[str]()
    numbers = {definition["identifier"]: definition["id"] for definition in definitions}
    objects = Configurations(definitions, partial_loading=False)
    return ExperimentInfo(
        {identifier: objects[numbers[identifier]] for identifier in wanted if identifier in numbers},
        {identifier: objects[numbers[identifier]] for identifier in actions if identifier in numbers},
    )


def _definitions(path: Path) -> Iterator[Definition]:
    """The definitions of a file; its last line may be cut short."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.endswith("\n"):
                yield json.loads(line)
