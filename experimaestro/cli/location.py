"""The workspace that a command works on: ``--workdir`` and ``--workspace``, before or after the subcommand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from experimaestro.cli.options import PathOption
from experimaestro.exceptions import HandledException, did_you_mean
from experimaestro.settings import WorkspaceSettings, find_workspace
from experimaestro.workspace.layout import WorkspaceLayout

F = TypeVar("F", bound=Callable[..., object])


class NoWorkspaceError(HandledException):
    """A directory is no workspace."""

    def __init__(self, path: Path, *, is_chosen: bool) -> None:
        advice = "" if is_chosen else " (the default one: choose with --workdir or --workspace)"
        super().__init__(f"{path} is no workspace: {_reason(path)}{advice}")


def _reason(path: Path) -> str:
    if not path.is_dir():
        siblings = sorted(entry.name for entry in path.parent.iterdir()) if path.parent.is_dir() else []
        return f"no such directory{did_you_mean(path.name, siblings)}"
    parent = next((parent for parent in path.parents if WorkspaceLayout(parent).marker.exists()), None)
    hint = f"{parent} is one" if parent is not None else "an experiment that runs in it makes it one"
    return f"it has no file .__experimaestro__; {hint}"


def location_options(function: F) -> F:
    """Adds the options that choose a workspace."""
    workdir = click.option("--workdir", type=PathOption(), help="The directory of the workspace.")
    workspace = click.option("--workspace", metavar="ID", help="A workspace of the settings.")
    return workdir(workspace(function))


def remember(context: click.Context, workdir: Path | None, workspace: str | None) -> None:
    """Keeps the options given before the subcommand."""
    context.obj = (workdir, workspace)


def layout(context: click.Context, workdir: Path | None, workspace: str | None) -> WorkspaceLayout:
    """The workspace chosen after the subcommand, else before it, else the default one.

    Raises NoWorkspaceError, UnknownWorkspaceError.
    """
    return WorkspaceLayout(chosen(context, workdir, workspace).path)


def chosen(context: click.Context, workdir: Path | None, workspace: str | None) -> WorkspaceSettings:
    """The settings of the same workspace.

    Raises NoWorkspaceError, UnknownWorkspaceError.
    """
    before: tuple[Path | None, str | None] = context.obj
    workdir, workspace = workdir or before[0], workspace or before[1]
    found = find_workspace(workspace=workspace, workdir=workdir)
    if not WorkspaceLayout(found.path).marker.exists():
        raise NoWorkspaceError(found.path, is_chosen=workdir is not None or workspace is not None)
    return found
