"""``experimaestro jobs why``: why a job is not an earlier one."""

from __future__ import annotations

from pathlib import Path

import click

from experimaestro.cli.explained import described_task, explanation_lines
from experimaestro.cli.location import location_options
from experimaestro.workspace.explanation import explain, explain_job


@click.command(name="why")
@location_options
@click.argument("job")
@click.argument("other", required=False)
@click.pass_context
def command(context: click.Context, workdir: Path | None, workspace: str | None, job: str, other: str | None) -> None:
    """Show the parameters that make JOB another one than OTHER.

    Without OTHER: than the nearest earlier job of the same task. A job is an identifier, or its beginning, with or
    without the task; or its directory.
    """
    task = described_task(context, workdir, workspace, job)
    earlier = described_task(context, workdir, workspace, other) if other is not None else None
    explanation = explain(earlier, task) if earlier is not None else explain_job(task.path)
    if explanation is None:
        click.echo(f"{task.name} is the first job of its task: there is none to compare it with")
        return
    for line in explanation_lines(explanation):
        click.echo(line)
