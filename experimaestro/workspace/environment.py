"""What a run was made with: its `environment.json`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from experimaestro import _files
from experimaestro.workspace import plain
from experimaestro.workspace.layout import RunDirectory
from experimaestro.workspace.records import LocalTime, moment
from experimaestro.workspace.runs import RunState, run_state

_KEYS: Final = frozenset({"python_version", "packages", "editable_packages", "run", "projects"})


class GitState(NamedTuple):
    """The commit of a project, as `environment.json` keeps it."""

    commit: str | None = None
    commit_short: str | None = None
    branch: str | None = None
    dirty: bool = False
    message: str | None = None
    author: str | None = None
    date: str | None = None
    path: str | None = None


class EditablePackage(NamedTuple):
    """A package installed from its sources."""

    version: str | None = None
    path: str | None = None
    git: GitState | None = None


class RunTimes(NamedTuple):
    """Where and when a run took place, and how it ended."""

    hostname: str | None = None
    started_at: LocalTime | None = None
    ended_at: LocalTime | None = None
    status: RunState | None = None


class RunEnvironment(NamedTuple):
    """What a run was made with: its `environment.json`."""

    python_version: str | None = None
    packages: Mapping[str, str] = {}
    editable_packages: Mapping[str, EditablePackage] = {}
    run: RunTimes = RunTimes()
    projects: Sequence[GitState] = ()
    extra: Mapping[str, object] = {}


def read_environment(run: RunDirectory) -> RunEnvironment | None:
    """Reads `environment.json`; None if it is missing or cut short."""
    data = plain.load(run.environment)
    return None if data is None else _environment_of(data)


def write_environment(run: RunDirectory, environment: RunEnvironment) -> None:
    _files.write_json(run.environment, _environment_record(environment), indent=2)


def _environment_of(data: plain.Plain) -> RunEnvironment:
    packages = plain.mapping(data, "packages")
    editable = plain.mapping(data, "editable_packages")
    return RunEnvironment(
        python_version=plain.text(data, "python_version"),
        packages={name: version for name, version in packages.items() if isinstance(version, str)},
        editable_packages={name: _editable(plain.mapping(editable, name)) for name in editable},
        run=_times(plain.mapping(data, "run")),
        projects=[_git(project) for project in plain.mappings(data, "projects")],
        extra={key: value for key, value in data.items() if key not in _KEYS},
    )


def _environment_record(environment: RunEnvironment) -> dict[str, object]:
    times = environment.run
    editable = {name: _editable_record(package) for name, package in environment.editable_packages.items()}
    record: dict[str, object] = {
        "python_version": environment.python_version,
        "packages": dict(environment.packages),
        "editable_packages": editable,
        "run": {**times._asdict(), "status": None if times.status is None else times.status.value},
    }
    if environment.projects:
        record["projects"] = [_git_record(project) for project in environment.projects]
    return {**record, **environment.extra}


def _times(data: plain.Plain) -> RunTimes:
    return RunTimes(plain.text(data, "hostname"), moment(data, "started_at"), moment(data, "ended_at"), run_state(data))


def _editable(data: plain.Plain) -> EditablePackage:
    git = plain.as_mapping(data.get("git"))
    return EditablePackage(plain.text(data, "version"), plain.text(data, "path"), None if git is None else _git(git))


def _editable_record(package: EditablePackage) -> dict[str, object]:
    return {**package._asdict(), "git": None if package.git is None else _git_record(package.git)}


def _git(data: plain.Plain) -> GitState:
    return GitState(
        commit=plain.text(data, "commit"),
        commit_short=plain.text(data, "commit_short"),
        branch=plain.text(data, "branch"),
        dirty=plain.flag(data, "dirty"),
        message=plain.text(data, "message"),
        author=plain.text(data, "author"),
        date=plain.text(data, "date"),
        path=plain.text(data, "path"),
    )


def _git_record(git: GitState) -> dict[str, object]:
    record = git._asdict()
    if git.path is None:
        del record["path"]
    return record
