"""The workspace of an experiment."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from experimaestro._types import RunMode
from experimaestro.workspace.layout import WorkspaceLayout

if TYPE_CHECKING:
    from experimaestro.launchers.base import Launcher
    from experimaestro.settings import Settings, WorkspaceSettings


class Workspace:
    """The directory where experiments keep their jobs and results, and how jobs run there."""

    def __init__(
        self,
        settings: Settings | WorkspaceSettings,
        workspace_settings: WorkspaceSettings | None = None,
        *,
        run_mode: RunMode = RunMode.NORMAL,
        launcher: Launcher | None = None,
    ) -> None:
        """Describes a workspace.

        :param settings: those of the workspace; or those of the user, when the next ones are those of the workspace.
        """
        self.settings = workspace_settings or cast("WorkspaceSettings", settings)  # as its documentation says
        self.run_mode = run_mode
        self.launcher = launcher
        self.layout = WorkspaceLayout(Path(self.settings.path).expanduser().absolute())
        self.env: dict[str, str] = {**settings.env, **self.settings.env}
        """Added to the environment of jobs."""
        self.python_path: list[Path] = []
        """Where jobs look for modules, first."""

    @property
    def workspace_settings(self) -> WorkspaceSettings:
        """The settings of the workspace."""
        return self.settings

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
