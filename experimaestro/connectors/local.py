"""This machine."""

from __future__ import annotations

import functools
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from experimaestro._processes import ProcessIdentity
from experimaestro.connectors.base import Redirect

if TYPE_CHECKING:
    from experimaestro.connectors.processes import AttachedProcess, LocalProcess


class LocalConnector:
    """Runs processes on this machine."""

    def __init__(self, localpath: Path | None = None) -> None:
        self._localpath = localpath

    @staticmethod
    @functools.cache
    def instance() -> LocalConnector:
        """Returns the connector that all share."""
        return LocalConnector()

    @property
    def localpath(self) -> Path:
        """The given directory, else ``$XPM_WORKDIR``, else the data directory of the user."""
        if self._localpath is not None:
            return self._localpath
        chosen = os.environ.get("XPM_WORKDIR")
        return Path(chosen).absolute() if chosen else _user_directory()

    def spawn(
        self,
        command: Sequence[str],
        *,
        directory: Path,
        environment: Mapping[str, str],
        stdout: Path | Redirect,
        stderr: Path | Redirect,
        pass_fds: Sequence[int] = (),
    ) -> LocalProcess:
        """Starts a process in a session of its own, in `directory`, with no more than `environment`.

        It inherits the descriptors `pass_fds` and no other. Raises OSError if the program, the directory or a file
        cannot be used.
        """
        from experimaestro.connectors import processes  # loads asyncio, which plans that run nothing do without

        return processes.spawn(
            command, directory=directory, environment=environment, stdout=stdout, stderr=stderr, pass_fds=pass_fds
        )

    def attach(self, identity: ProcessIdentity) -> AttachedProcess | None:
        """Takes over a process that is not our child; None if it does not run here any more.

        An identity without start time is trusted: whoever has one asks `is_alive` first.
        """
        from experimaestro.connectors import processes  # as above

        return processes.attach(identity)

    def __str__(self) -> str:
        return type(self).__name__


def _user_directory() -> Path:
    import platformdirs  # late: few need it

    return platformdirs.user_data_path("experimaestro")
