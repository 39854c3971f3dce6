"""What a machine must offer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import NamedTuple, Protocol

from experimaestro._processes import ProcessIdentity


class RedirectType(Enum):
    """Kinds of places where a stream of a process goes."""

    FILE = "file"
    INHERIT = "inherit"
    NONE = "none"


class Redirect(NamedTuple):
    """Where a stream of a process goes."""

    type: RedirectType
    path: Path | None = None

    @classmethod
    def file(cls, path: Path | str) -> Redirect:
        """Into a file, emptied first."""
        return cls(RedirectType.FILE, Path(path))

    @classmethod
    def inherit(cls) -> Redirect:
        """Where the same stream of the present process goes."""
        return cls(RedirectType.INHERIT)

    @classmethod
    def none(cls) -> Redirect:
        """Nowhere."""
        return cls(RedirectType.NONE)


class Process(Protocol):
    """A process that runs, or ran, on a machine."""

    @property
    def identity(self) -> ProcessIdentity: ...

    async def wait(self) -> int | None:
        """Waits for its end; returns its exit code (negative: the signal that ended it), None if it cannot be known."""
        ...

    async def kill(self, *, grace: float) -> None:
        """Asks its whole group to end, and after `grace` seconds forces what is left of it."""
        ...


class Connector(Protocol):
    """A machine."""

    @property
    def localpath(self) -> Path:
        """Directory of what belongs to the machine rather than to a workspace, such as tokens."""
        ...

    def spawn(
        self,
        command: Sequence[str],
        *,
        directory: Path,
        environment: Mapping[str, str],
        stdout: Path | Redirect,
        stderr: Path | Redirect,
        pass_fds: Sequence[int] = (),
    ) -> Process:
        """Starts a process."""
        ...

    def attach(self, identity: ProcessIdentity) -> Process | None:
        """Takes over a process started by someone else; None if it does not run any more."""
        ...
