"""Reading an experiment back as objects."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from experimaestro._types import ExperimentId, RunId
from experimaestro.core.format import Definition
from experimaestro.core.loading import Instances
from experimaestro.core.reloading import Configurations
from experimaestro.core.serialization import from_state_dict
from experimaestro.exceptions import HandledException, did_you_mean
from experimaestro.workspace.layout import RunDirectory, WorkspaceLayout
from experimaestro.workspace.runs import read_jobs, read_run_status
from experimaestro.workspace.views import list_actions, newest_run


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


class WorkspaceStateProvider:
    """Kept for existing code: finds the runs of a workspace."""

    def __init__(self, workspace_path: Path | str, no_cleanup: bool = False) -> None:  # a public signature
        self.workspace_path = Path(workspace_path)
        self._layout = WorkspaceLayout(self.workspace_path)

    def get_current_run(self, experiment_id: str, *, refresh: bool = False) -> str | None:
        """The newest run of an experiment; None when it has none. Files are read each time."""
        runs = self._layout.experiment(ExperimentId(experiment_id)).runs()
        return runs[-1].run_id if runs else None

    def load_xp_info(self, experiment_id: str, run_id: str | None = None) -> ExperimentInfo:
        """Loads the tasks and actions of a run; of the newest one, by default.

        Raises UnknownExperimentError, NoExperimentInfoError, LoadingError.
        """
        if run_id is None:
            return load_xp_info(newest_run(self._layout, ExperimentId(experiment_id)).path)
        return load_xp_info(self._layout.experiment(ExperimentId(experiment_id)).run(RunId(run_id)).path)


class UnknownActionError(HandledException):
    """A run has no such action."""

    def __init__(self, identifier: str, known: Sequence[str], run: Path) -> None:
        listed = ", ".join(known) or "none"
        super().__init__(f"no action {identifier!r} in {run} (known: {listed}){did_you_mean(identifier, known)}")


def load_action(path: Path | str, identifier: str) -> Any:  # Any: the action of the user
    """Loads an action of a run from its directory, as an instance; only what it holds is imported.

    :param identifier: its identifier, or the beginning of it.
    :raises UnknownActionError: when no action has it, or more than one; LoadingError.
    """
    run = RunDirectory(Path(path))
    known = [action.identifier for action in list_actions(run)]
    found = [action for action in known if action.startswith(identifier)]
    definitions = list(_definitions(run.objects_jsonl)) if len(found) == 1 else []
    number = next((known["id"] for known in definitions if known["identifier"] == found[0]), None)
    if number is None:
        raise UnknownActionError(identifier, known, run.path)
    return Instances(definitions, partial_loading=True, roots=[number])[number]


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
