"""``experimaestro jobs recover``: brings results back from the folders of a workspace."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from experimaestro._types import JobState
from experimaestro.cli.location import chosen, location_options
from experimaestro.exceptions import HandledException
from experimaestro.settings import WorkspaceSettings, attached_folders
from experimaestro.workspace.folders import PATIENCE, Folder, restore, where
from experimaestro.workspace.layout import JobDirectory, WorkspaceLayout
from experimaestro.workspace.views import AmbiguousJobError, UnknownJobError, find_job, job_state, list_known_jobs


class NoFolderError(HandledException):
    """A workspace has no folders."""

    def __init__(self, workspace: WorkspaceSettings) -> None:
        super().__init__(
            f"the workspace {workspace.path} has no folders: nothing to recover from "
            "(`folders` of `workspaces` in the settings name them)"
        )


class NowhereError(HandledException):
    """No folder has a job."""

    def __init__(self, reference: str, folders: Sequence[Folder]) -> None:
        looked = ", ".join(str(folder.layout.root) for folder in folders)
        super().__init__(f"no finished job {reference!r} in the folders of the workspace: {looked}")


@click.command(name="recover")
@location_options
@click.argument("jobs", metavar="[JOB]...", nargs=-1)
@click.pass_context
def command(context: click.Context, workdir: Path | None, workspace: str | None, jobs: Sequence[str]) -> None:
    """Bring the results of JOBs back from the folders of the workspace.

    A job is an identifier, or its beginning, with or without the task. Without JOB: all jobs of the newest
    runs of the workspace that are not here.
    """
    settings = chosen(context, workdir, workspace)
    folders = [Folder(WorkspaceLayout(folder.path), folder.mode) for folder in attached_folders(settings)]
    if not folders:
        raise NoFolderError(settings)
    layout = WorkspaceLayout(settings.path)
    wanted = [meant(reference, layout, folders) for reference in jobs] if jobs else missing(layout, folders)
    is_empty = True
    for job in wanted:
        is_empty = False
        click.echo(recovered(job, folders))
    if is_empty:
        click.echo("No job of the workspace is to be recovered.", err=True)


def meant(reference: str, layout: WorkspaceLayout, folders: Sequence[Folder]) -> JobDirectory:
    """The place in the workspace of a job that a folder has, or that is here.

    Raises NowhereError, AmbiguousJobError, InvalidJobReferenceError.
    """
    found: dict[tuple[str, str], JobDirectory] = {}
    for source in (layout, *(folder.layout for folder in folders)):
        try:
            job = find_job(source, reference)
        except UnknownJobError:
            continue
        found[job.task_id, job.job_id] = layout.job(job.task_id, job.job_id)
    if not found:
        raise NowhereError(reference, folders)
    if len(found) > 1:
        raise AmbiguousJobError(reference, list(found.values()))
    return next(iter(found.values()))


def missing(layout: WorkspaceLayout, folders: Sequence[Folder]) -> Iterator[JobDirectory]:
    """The jobs of the newest runs of the workspace that are not here, and that a folder has."""
    for job in list_known_jobs(layout):
        if job_state(job) is JobState.UNSCHEDULED and where(job, folders) is not None:
            yield job


def recovered(job: JobDirectory, folders: Sequence[Folder]) -> str:
    """Brings a job back, and says from where.

    Raises NowhereError, BusyError, OSError.
    """
    name = f"{job.task_id}/{job.job_id}"
    state = job_state(job)
    if state in (JobState.DONE, JobState.RUNNING, JobState.SCHEDULED):
        return f"{state.name:12}{name}"
    folder = where(job, folders)
    if folder is None:
        raise NowhereError(name, folders)
    restore(job, folder, patience=PATIENCE)
    return f"{'recovered':12}{name}  from {folder.layout.root}"
