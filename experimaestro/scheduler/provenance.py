"""What an experiment is run with: the state of its sources, and the packages around it."""

from __future__ import annotations

import json
import logging
import platform
from collections.abc import Iterable, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlparse

import git

from experimaestro._types import DirtyGitAction
from experimaestro.exceptions import DirtyGitError
from experimaestro.workspace.environment import EditablePackage, GitState, RunEnvironment, RunTimes

LOGGER: Final = logging.getLogger("xpm")


def git_states(paths: Iterable[Path]) -> list[GitState]:
    """The state of each repository that the paths belong to, each once; paths in no repository are left out."""
    found: dict[Path, GitState] = {}
    for path in paths:
        repository = _repository(path)
        if repository is not None and repository.working_tree_dir is not None:
            root = Path(repository.working_tree_dir)
            if root not in found:
                found[root] = _state(repository, root)
            repository.close()
    return list(found.values())


def check_clean(states: Sequence[GitState], action: DirtyGitAction) -> None:
    """Warns of uncommitted changes, or refuses them.

    Raises DirtyGitError.
    """
    dirty = [Path(state.path) for state in states if state.dirty and state.path]
    if not dirty or action is DirtyGitAction.IGNORE:
        return
    if action is DirtyGitAction.ERROR:
        raise DirtyGitError(dirty)
    LOGGER.warning("Project repository has uncommitted changes: %s", ", ".join(map(str, dirty)))


def environment(projects: Sequence[GitState], times: RunTimes) -> RunEnvironment:
    """Describes what a run is made with."""
    versions: dict[str, str] = {}
    editable: dict[str, EditablePackage] = {}
    for distribution in metadata.distributions():
        name, version = _name_and_version(distribution)
        versions[name] = version
        source = _editable_source(distribution)
        if source is not None:
            states = git_states([source])
            editable[name] = EditablePackage(version, str(source), states[0] if states else None)
    return RunEnvironment(platform.python_version(), dict(sorted(versions.items())), editable, times, projects)


def get_git_info(cwd: Path | None = None) -> dict[str, Any] | None:  # Any: texts, and whether there are changes
    """Kept for existing code: the commit of the repository of a directory (the current one by default), if any."""
    states = git_states([cwd or Path.cwd()])
    return {key: value for key, value in states[0]._asdict().items() if key != "path"} if states else None


def get_environment_info() -> dict[str, Any]:  # Any: as `environment.json` has them
    """Kept for existing code: the versions of Python and of the packages."""
    found = environment([], RunTimes())
    editable = {name: package._asdict() for name, package in found.editable_packages.items()}
    return {"python_version": found.python_version, "packages": dict(found.packages), "editable_packages": editable}


def _repository(path: Path) -> git.Repo | None:
    try:
        return git.Repo(path, search_parent_directories=True)
    except (git.InvalidGitRepositoryError, git.NoSuchPathError):
        return None


def _state(repository: git.Repo, root: Path) -> GitState:
    dirty = bool(repository.git.status("--porcelain"))
    branch = None if repository.head.is_detached else repository.active_branch.name
    if not repository.head.is_valid():  # no commit yet
        return GitState(branch=branch, dirty=dirty, path=str(root))
    commit = repository.head.commit
    return GitState(
        commit=commit.hexsha,
        commit_short=commit.hexsha[:7],
        branch=branch,
        dirty=dirty,
        message=str(commit.summary),
        author=f"{commit.author.name} <{commit.author.email}>",
        date=commit.authored_datetime.isoformat(),
        path=str(root),
    )


def _name_and_version(distribution: metadata.Distribution) -> tuple[str, str]:
    """From the name of the metadata directory, which tells both: reading the metadata of all packages takes long."""
    directory = getattr(distribution, "_path", None)
    name, separator, version = (directory.stem if isinstance(directory, Path) else "").partition("-")
    if separator and directory is not None and directory.suffix == ".dist-info":
        return name.replace("_", "-"), version
    return distribution.metadata["Name"], distribution.version


def _editable_source(distribution: metadata.Distribution) -> Path | None:
    """Where the sources of an editable installation are (PEP 610)."""
    text = distribution.read_text("direct_url.json")
    if text is None:
        return None
    record = json.loads(text)
    if not record.get("dir_info", {}).get("editable"):
        return None
    return Path(unquote(urlparse(str(record["url"])).path))
