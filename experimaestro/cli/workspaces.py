"""``experimaestro workspaces``: those of the settings."""

from __future__ import annotations

import click

from experimaestro.cli.group import Group
from experimaestro.cli.render import workspace_line
from experimaestro.configuration.showing import yaml_text
from experimaestro.settings import CONFIG_DIRECTORY, SETTINGS_FILE, get_settings
from experimaestro.structuring import unstructure


@click.group(name="workspaces", cls=Group)
def command() -> None:
    """Workspaces of the settings."""


@command.command(name="list")
@click.option("-v", "--verbose", is_flag=True, help="Print all settings of each.")
def list_workspaces(*, verbose: bool) -> None:
    """List the workspaces of ~/.config/experimaestro/settings.yaml."""
    workspaces = get_settings().workspaces
    for workspace in workspaces:
        click.echo(workspace_line(workspace))
        if verbose:
            click.echo(yaml_text(unstructure(workspace), indent="    "))
    if not workspaces:
        click.echo(f"No workspaces found in {CONFIG_DIRECTORY / SETTINGS_FILE}.", err=True)
