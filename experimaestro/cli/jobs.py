"""``experimaestro jobs``: what became of them."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from experimaestro._types import ExperimentId
from experimaestro.cli import recover, why
from experimaestro.cli.group import Group
from experimaestro.cli.location import layout, location_options, remember
from experimaestro.cli.render import job_line
from experimaestro.exceptions import HandledException
from experimaestro.workspace.views import find_job
from experimaestro.workspace.views import list_jobs as jobs_of


@click.group(name="jobs", cls=Group)
@location_options
@click.pass_context
def command(context: click.Context, workdir: Path | None, workspace: str | None) -> None:
    """Jobs of a workspace."""
    remember(context, workdir, workspace)


command.add_command(recover.command)
command.add_command(why.command)


@command.command(name="list")
@location_options
@click.option("--experiment", help="Only the jobs of the newest run of this experiment.")
@click.option("--tags", is_flag=True, help="Show the tags.")
@click.option("--fullpath", is_flag=True, help="Show the directories.")
@click.pass_context
def list_jobs(
    context: click.Context,
    workdir: Path | None,
    workspace: str | None,
    experiment: str | None,
    *,
    tags: bool,
    fullpath: bool,
) -> None:
    """List the jobs with their state."""
    found = layout(context, workdir, workspace)
    is_empty = True
    for view in jobs_of(found, ExperimentId(experiment) if experiment is not None else None):
        is_empty = False
        click.echo(job_line(view, tags=tags, full_path=fullpath))
    if is_empty:
        click.echo("No jobs found.", err=True)


@command.command(name="log")
@location_options
@click.option("--std", is_flag=True, help="The standard output instead of the errors.")
@click.argument("job")
@click.pass_context
def log(context: click.Context, workdir: Path | None, workspace: str | None, job: str, *, std: bool) -> None:
    """Print the log of JOB: an identifier, or its beginning, with or without the task."""
    view = find_job(layout(context, workdir, workspace), job)
    path = view.directory.stdout if std else view.directory.stderr
    if not path.exists():
        raise HandledException(f"{view.task_id}/{view.job_id} has no log yet ({path})")
    with path.open("rb") as file:
        for block in iter(lambda: file.read(65536), b""):
            sys.stdout.buffer.write(block)
    sys.stdout.flush()


@command.command(name="path")
@location_options
@click.argument("job")
@click.pass_context
def path(context: click.Context, workdir: Path | None, workspace: str | None, job: str) -> None:
    """Print the directory of JOB: an identifier, or its beginning, with or without the task."""
    click.echo(find_job(layout(context, workdir, workspace), job).directory.path)
