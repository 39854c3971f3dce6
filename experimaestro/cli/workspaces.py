"""``experimaestro workspaces``: those of the settings."""

from __future__ import annotations

import click

from experimaestro.cli.group import Group
from experimaestro.cli.render import workspace_line
from experimaestro.settings import get_settings


@click.group(name="workspaces", cls=Group)
def command() -> None:
    """Workspaces of the settings."""


@command.command(name="list")
def list_workspaces() -> None:
    """List the workspaces of ~/.config/experimaestro/settings.yaml."""
    for workspace in get_settings().workspaces:
        click.echo(workspace_line(workspace))
