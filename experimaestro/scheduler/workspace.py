"""The workspace of an experiment."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from experimaestro._types import RunMode
from experimaestro.workspace.layout import WorkspaceLayout

if TYPE_CHECKING:
    from experimaestro.launchers.base import Launcher
    from experimaestro.settings import WorkspaceSettings


class Workspace:
    """The directory where experiments keep their jobs and results, and how jobs run there."""

    def __init__(
        self, settings: WorkspaceSettings, *, run_mode: RunMode = RunMode.NORMAL, launcher: Launcher | None = None
    ) -> None:
        self.settings = settings
        self.run_mode = run_mode
        self.launcher = launcher
        self.layout = WorkspaceLayout(Path(settings.path).expanduser().absolute())
        self.env: dict[str, str] = dict(settings.env)
        """Added to the environment of jobs."""
        self.python_path: list[Path] = []
        """Where jobs look for modules, first."""

    @property
    def path(self) -> Path:
        return self.layout.root

    @property
    def jobspath(self) -> Path:
        return self.layout.jobs

    @property
    def partialspath(self) -> Path:
        return self.layout.partials

    @property
    def experimentspath(self) -> Path:
        return self.layout.experiments

    @property
    def configcachepath(self) -> Path:
        return self.layout.config

    def prepare_directories(self) -> None:
        """Creates what makes a workspace of a directory.

        Raises OSError.
        """
        self.layout.jobs.mkdir(parents=True, exist_ok=True)
        self.layout.experiments.mkdir(exist_ok=True)
        self.layout.marker.touch()
