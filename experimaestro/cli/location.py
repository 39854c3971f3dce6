"""The workspace that a command works on: ``--workdir`` and ``--workspace``, before or after the subcommand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from experimaestro.exceptions import HandledException
from experimaestro.settings import find_workspace
from experimaestro.workspace.layout import WorkspaceLayout

F = TypeVar("F", bound=Callable[..., object])


class NoWorkspaceError(HandledException):
    """A directory is no workspace."""

    def __init__(self, path: Path) -> None:
        parent = next((parent for parent in path.parents if WorkspaceLayout(parent).marker.exists()), None)
        hint = f"; {parent} is one" if parent is not None else "; an experiment that runs in it makes it one"
        super().__init__(f"{path} is no workspace: it has no file .__experimaestro__{hint}")


def location_options(function: F) -> F:
    """Adds the options that choose a workspace."""
    workdir = click.option("--workdir", type=click.Path(path_type=Path), help="The directory of the workspace.")
    workspace = click.option("--workspace", help="The identifier of a workspace of the settings.")
    return workdir(workspace(function))


def remember(context: click.Context, workdir: Path | None, workspace: str | None) -> None:
    """Keeps the options given before the subcommand."""
    context.obj = (workdir, workspace)


def layout(context: click.Context, workdir: Path | None, workspace: str | None) -> WorkspaceLayout:
    """The workspace chosen after the subcommand, else before it, else the default one.

    Raises NoWorkspaceError, UnknownWorkspaceError.
    """
    before: tuple[Path | None, str | None] = context.obj
    settings = find_workspace(workspace=workspace or before[1], workdir=workdir or before[0])
    found = WorkspaceLayout(Path(settings.path))
    if not found.marker.exists():
        raise NoWorkspaceError(found.root)
    return found
