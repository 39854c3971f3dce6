"""How the commands print what they find."""

from __future__ import annotations

from collections.abc import Mapping

from experimaestro.settings import WorkspaceSettings
from experimaestro.workspace.views import ActionView, ExperimentView, JobView


def experiment_line(view: ExperimentView) -> str:
    """``my-experiment [host] (5/10 jobs)``."""
    host = f" [{view.host}]" if view.host else ""
    return f"{view.id}{host} ({view.done}/{view.total} jobs)"


def job_line(view: JobView, *, tags: bool, full_path: bool) -> str:
    """``done     task/identifier  tag=value``."""
    name = str(view.directory.path) if full_path else f"{view.task_id}/{view.job_id}"
    shown = f"  {tags_text(view.tags)}" if tags and view.tags else ""
    return f"{view.state.name:12}{name}{shown}"


def action_line(view: ActionView) -> str:
    """``identifier  what it does  [class]``."""
    return f"{view.identifier}  {view.description:40}  [{view.type_name}]"


def tags_text(tags: Mapping[str, object]) -> str:
    """``a=1 b=2``."""
    return " ".join(f"{name}={value}" for name, value in tags.items())


def workspace_line(workspace: WorkspaceSettings) -> str:
    """``- id: path``."""
    remote = f" [remote: {workspace.ssh.host}]" if workspace.ssh is not None and workspace.ssh.host else ""
    return f"- {workspace.id}: {workspace.path}{remote}"
