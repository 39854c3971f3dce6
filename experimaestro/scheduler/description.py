"""What `experiment(...)` is given."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from experimaestro._types import DirtyGitAction, ExperimentId, RunMode

if TYPE_CHECKING:
    from experimaestro.launchers.base import Launcher
    from experimaestro.scheduler.job import Listener
    from experimaestro.settings import WorkspaceSettings


class Description(NamedTuple):
    """An experiment before it is entered."""

    env: Path | str | WorkspaceSettings
    experiment_id: ExperimentId
    run_mode: RunMode
    launcher: Launcher | None
    dirty_git: DirtyGitAction
    project_paths: Sequence[Path]
    listeners: list[Listener]
    """They can be added to while the experiment goes on."""
