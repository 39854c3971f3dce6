"""``experimaestro parameters-difference``: how two tasks differ."""

from __future__ import annotations

from pathlib import Path

import click

from experimaestro.cli.explained import described_task, explanation_lines
from experimaestro.cli.location import location_options, remember
from experimaestro.workspace.explanation import explain


@click.command(name="parameters-difference")
@location_options
@click.argument("first")
@click.argument("second")
@click.pass_context
def command(context: click.Context, workdir: Path | None, workspace: str | None, first: str, second: str) -> None:
    """Show the parameters that differ between two tasks.

    Each is a job directory, a file params.json, or a job of the workspace: an identifier, or its beginning, with or
    without the task.
    """
    remember(context, workdir, workspace)
    tasks = [described_task(context, workdir, workspace, text) for text in (first, second)]
    for line in explanation_lines(explain(*tasks)):
        click.echo(line)
