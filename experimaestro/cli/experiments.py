"""``experimaestro experiments``: what was run."""

from __future__ import annotations

from pathlib import Path

import click

from experimaestro.cli import actions
from experimaestro.cli.group import Group
from experimaestro.cli.location import layout, location_options, remember
from experimaestro.cli.render import experiment_line
from experimaestro.workspace import index


@click.group(name="experiments", cls=Group)
@location_options
@click.pass_context
def command(context: click.Context, workdir: Path | None, workspace: str | None) -> None:
    """Experiments of a workspace."""
    remember(context, workdir, workspace)


command.add_command(actions.command)


@command.command(name="list")
@location_options
@click.pass_context
def list_experiments(context: click.Context, workdir: Path | None, workspace: str | None) -> None:
    """List the experiments: host, and how many jobs are done."""
    views = index.list_experiments(layout(context, workdir, workspace))
    for view in views:
        click.echo(experiment_line(view))
    if not views:
        click.echo("No experiments found.", err=True)


@command.command(name="sync")
@location_options
@click.pass_context
def sync(context: click.Context, workdir: Path | None, workspace: str | None) -> None:
    """Make the index of the workspace again from its files."""
    report = index.sync(layout(context, workdir, workspace))
    click.echo(f"{report.experiments} experiments, {report.runs} runs, {report.jobs} jobs")
