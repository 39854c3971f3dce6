"""Processes of this machine: starting, watching and ending them."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Final

from experimaestro._processes import Alive, ProcessIdentity, is_alive
from experimaestro.connectors.base import Redirect, RedirectType

_POLL: Final = 0.05
"""Seconds between two looks at what the system does not announce."""


class _GroupProcess:
    """A process that may lead a group."""

    def __init__(self, identity: ProcessIdentity) -> None:
        self.identity = identity

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.identity.pid})"

    async def kill(self, *, grace: float) -> None:
        """Sends SIGTERM to the group, then SIGKILL to what is left of it after `grace` seconds.

        Returns once the group is gone or SIGKILL is sent. Nothing happens if the process has ended. Raises
        PermissionError for a process of another user.
        """
        if not self._runs():
            return
        group = _Group.of(self.identity.pid)
        group.signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(grace):
                await self._until_gone(group)
        except TimeoutError:
            group.signal(signal.SIGKILL)

    async def _until_gone(self, group: _Group) -> None:
        """Its number is not given to another group while we look: between two looks there is no time for that."""
        while self._runs() or group.exists():
            await asyncio.sleep(_POLL)

    def _runs(self) -> bool:
        return is_alive(self.identity, marker="") is Alive.YES


class LocalProcess(_GroupProcess):
    """A child of the present process."""

    def __init__(self, identity: ProcessIdentity) -> None:
        super().__init__(identity)
        self._collected = False
        self._code: int | None = None

    async def wait(self) -> int | None:
        """Waits for its end; returns its exit code, negative for a signal.

        None if something else in this program collected it.
        """
        await _until_ended(self.identity)
        while self._runs():  # a process whose first thread ended before the others
            await asyncio.sleep(_POLL)
        return self._code

    def _runs(self) -> bool:
        """Collects the child if it has ended: its number stays its own until then."""
        if not self._collected:
            self._collect()
        return not self._collected

    def _collect(self) -> None:
        try:
            pid, status = os.waitpid(self.identity.pid, os.WNOHANG)
        except ChildProcessError:
            self._collected = True
            return
        if pid != 0:
            self._collected = True
            self._code = os.waitstatus_to_exitcode(status)


class AttachedProcess(_GroupProcess):
    """A process that someone else started: its exit code is not for us."""

    async def wait(self) -> None:
        """Waits for its end."""
        await _until_ended(self.identity)


class _Group:
    """The processes that receive a signal together: one alone, unless it leads a group."""

    def __init__(self, pid: int, *, leader: bool) -> None:
        self._pid = pid
        self._send = os.killpg if leader else os.kill

    @classmethod
    def of(cls, pid: int) -> _Group:
        try:
            return cls(pid, leader=os.getpgid(pid) == pid)
        except ProcessLookupError:
            return cls(pid, leader=True)

    def signal(self, number: int) -> bool:
        """Returns whether there was someone to receive it."""
        try:
            self._send(self._pid, number)
        except ProcessLookupError:
            return False
        return True

    def exists(self) -> bool:
        try:
            return self.signal(0)
        except PermissionError:  # macOS says this of processes that ended
            return False


def spawn(
    command: Sequence[str],
    *,
    directory: Path,
    environment: Mapping[str, str],
    stdout: Path | Redirect,
    stderr: Path | Redirect,
    pass_fds: Sequence[int] = (),
) -> LocalProcess:
    """Starts a process in a session of its own; see `LocalConnector.spawn`."""
    with ExitStack() as files:
        # Without `preexec_fn` nor user change, the child is made by `vfork`: its cost does not grow with our memory.
        child = subprocess.Popen(
            command,
            cwd=directory,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=_target(stdout, files),
            stderr=_target(stderr, files),
            start_new_session=True,
            pass_fds=pass_fds,
        )
    child.returncode = 0  # LocalProcess collects it: Popen must neither do so nor warn that nobody did
    return LocalProcess(ProcessIdentity.of(child.pid))


def attach(identity: ProcessIdentity) -> AttachedProcess | None:
    """Takes over a process; see `LocalConnector.attach`."""
    if is_alive(identity, marker="") is not Alive.YES:
        return None
    try:
        return AttachedProcess(ProcessIdentity.of(identity.pid) if identity.start is None else identity)
    except ProcessLookupError:
        return None


def _target(stream: Path | Redirect, files: ExitStack) -> int | IO[bytes] | None:
    redirect = stream if isinstance(stream, Redirect) else Redirect.file(stream)
    if redirect.path is not None:
        return files.enter_context(redirect.path.open("wb"))
    return None if redirect.type is RedirectType.INHERIT else subprocess.DEVNULL


async def _until_ended(identity: ProcessIdentity) -> None:
    """Returns once a process has ended, whoever its parent is."""
    descriptor = _open_pidfd(identity.pid)
    if descriptor is None:
        await _poll(identity)
        return
    try:
        # Asked once the descriptor is open: it may be that of a newcomer which took the number.
        if is_alive(identity, marker="") is Alive.YES:
            await _readable(descriptor)
    finally:
        os.close(descriptor)


def _open_pidfd(pid: int) -> int | None:
    """Returns None where the system offers none (Linux before 5.3, macOS), has none left, or the process is gone."""
    if sys.platform != "linux" or not hasattr(os, "pidfd_open"):
        return None
    try:
        return os.pidfd_open(pid)
    except OSError:
        return None


async def _readable(descriptor: int) -> None:
    ready = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_reader(descriptor, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(descriptor)


async def _poll(identity: ProcessIdentity) -> None:
    while is_alive(identity, marker="") is Alive.YES:
        await asyncio.sleep(_POLL)
