"""Entering an experiment: everything that can refuse it is asked before anything is created."""

from __future__ import annotations

import logging
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from experimaestro._files import FileLock
from experimaestro._types import RunMode
from experimaestro.core.submission import SUBMITTERS
from experimaestro.exceptions import HandledException
from experimaestro.launchers.direct import DirectLauncher
from experimaestro.scheduler import provenance
from experimaestro.scheduler.description import Description
from experimaestro.scheduler.folders import attached
from experimaestro.scheduler.recording import RunRecorder
from experimaestro.scheduler.session import Session
from experimaestro.scheduler.workspace import Workspace
from experimaestro.settings import find_workspace

LOGGER: Final = logging.getLogger("xpm")


class UnusableWorkspaceError(HandledException):
    """The directory of a workspace cannot be written."""

    def __init__(self, path: Path, error: OSError) -> None:
        super().__init__(f"cannot use {path} as a workspace: {error}")


def open_session(xp: Description, stack: ExitStack) -> Session:
    """Opens an experiment, and leaves on the stack what is to be undone when it ends.

    Raises DirtyGitError, UnusableWorkspaceError, UnknownWorkspaceError, RemoteWorkspaceError, OwnFolderError.
    """
    workspace = _workspace(xp)
    folders = attached(workspace.settings)
    recorder = _open_run(xp, workspace, stack) if xp.run_mode is RunMode.NORMAL else None
    session = Session(
        xp.experiment_id,
        workspace,
        launcher=xp.launcher or DirectLauncher(),
        folders=folders,
        recorder=recorder,
        listeners=xp.listeners,
        python_path=lambda: python_path(workspace),
    )
    stack.callback(session.close)
    SUBMITTERS.push(session)
    stack.callback(SUBMITTERS.remove, session)
    return session


def _workspace(xp: Description) -> Workspace:
    settings = find_workspace(workdir=Path(xp.env)) if isinstance(xp.env, str | Path) else xp.env
    return Workspace(settings, run_mode=xp.run_mode, launcher=xp.launcher)


def _open_run(xp: Description, workspace: Workspace, stack: ExitStack) -> RunRecorder:
    projects = provenance.git_states(xp.project_paths)
    provenance.check_clean(projects, xp.dirty_git)
    try:
        workspace.prepare_directories()
        _take_lock(xp, workspace, stack)
        recorder = RunRecorder(workspace.layout, xp.experiment_id)
        recorder.open(projects)
    except OSError as error:
        raise UnusableWorkspaceError(workspace.path, error) from error
    return recorder


def _take_lock(xp: Description, workspace: Workspace, stack: ExitStack) -> None:
    """Two drivers of one experiment would write the same run."""
    directory = workspace.layout.experiment(xp.experiment_id)
    directory.path.mkdir(parents=True, exist_ok=True)
    lock = FileLock(directory.lock)
    if not lock.acquire(blocking=False):
        LOGGER.warning("experiment %r runs already in %s: waiting for its end", xp.experiment_id, workspace.path)
        lock.acquire(blocking=True)
    stack.callback(lock.release)


def python_path(workspace: Workspace) -> list[str]:
    """Where jobs look for modules: what the experiment adds, then where Python looks first for the program."""
    added = [str(path) for path in workspace.python_path]
    first = Path(sys.path[0] if sys.path else "").absolute()
    is_console_script = first == Path(sys.executable).parent  # not a file of the user
    return list(dict.fromkeys(added if is_console_script else [*added, str(first)]))
