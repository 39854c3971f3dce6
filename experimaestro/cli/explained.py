"""How the differences between two tasks are told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from experimaestro.cli.location import layout
from experimaestro.workspace.explanation import Explained, Explanation, TaskDescription, read_task
from experimaestro.workspace.views import find_job, parse_reference


def described_task(context: click.Context, workdir: Path | None, workspace: str | None, text: str) -> TaskDescription:
    """The task of a job directory, of a `params.json`, or of a job of the workspace.

    Raises NoParametersError, InvalidJobReferenceError, NoWorkspaceError, UnknownJobError, AmbiguousJobError.
    """
    path = Path(text)
    if path.is_absolute() or path.exists():
        return read_task(path)
    parse_reference(text)
    return read_task(find_job(layout(context, workdir, workspace), text).directory.path)


def explanation_lines(explanation: Explanation) -> Iterator[str]:
    """The two tasks, each parameter that differs, and what differs without making two identifiers."""
    yield f"{explanation.before.name} → {explanation.after.name}"
    for item in explanation.found:
        yield from _lines(item)
    if not explanation.found:
        yield f"  {_why_nothing(explanation)}"
    if explanation.found and not explanation.is_certain:
        yield "(release 2.7 does not record what counts in identifiers: some of these may not)"
    if explanation.ignored:
        yield "not part of the identifier:"
        yield from (f"  {difference}" for difference in explanation.ignored)


def _lines(item: Explained) -> Iterator[str]:
    difference = item.difference
    if item.is_default:
        value = difference.before or difference.after
        yield f"  {difference.path}: {value} in both, and the default of one only: the default was changed"
    else:
        yield f"  {difference}"
    for depth, upstream in enumerate(item.upstream):
        yield f"{'  ' * (depth + 2)}since {upstream}"


def _why_nothing(explanation: Explanation) -> str:
    if explanation.before.name == explanation.after.name:
        return "the same task"
    return "the same parameters: what counts in the identifier was changed (a default, or the kind of a parameter)"
