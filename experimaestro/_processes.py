"""Which process is meant: a pid alone soon belongs to another one."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable, Mapping
from enum import Enum
from pathlib import Path
from typing import Final, NamedTuple


class Alive(Enum):
    """What can be said of a process from here."""

    YES = "yes"
    NO = "no"
    ELSEWHERE = "elsewhere"
    """It belongs to another host, or is hidden from us: nothing can be said."""


class ProcessIdentity(NamedTuple):
    """A process of a machine, not to be confused with a later one that has the same pid."""

    pid: int
    host: str
    start: str | None
    """When it started, as the machine tells: compared, never read. None in records of release 2.7."""

    @classmethod
    def of(cls, pid: int) -> ProcessIdentity:
        """Returns the identity of a process of this machine.

        Raises ProcessLookupError when there is none.
        """
        seen = _observe(pid)
        if seen is None:
            raise ProcessLookupError(f"there is no process {pid}")
        return cls(pid, this_host(), seen.start)

    @classmethod
    def current(cls) -> ProcessIdentity:
        return cls.of(os.getpid())

    @classmethod
    def from_record(cls, record: Mapping[str, object]) -> ProcessIdentity | None:
        """Reads a ``.pid`` record; None if it is not one of a local process, or is not complete.

        Token records of release 2.7 name no host: that release takes them for processes of this one.
        """
        pid, host, start = record.get("pid"), record.get("host", this_host()), record.get("start")
        if record.get("type") != "local" or not isinstance(pid, int) or pid <= 0 or not isinstance(host, str):
            return None
        return cls(pid, host, start if isinstance(start, str) else None)

    def to_record(self) -> dict[str, object]:
        record: dict[str, object] = {"type": "local", "pid": self.pid, "host": self.host}
        return record if self.start is None else {**record, "start": self.start}


def is_alive(identity: ProcessIdentity, *, marker: str) -> Alive:
    """Tells whether a process still runs; one that ended and waits for its parent does not.

    Without start time, a process that has the pid is taken for the one meant if `marker` (the path of its job
    directory) stands on its command line.
    """
    if identity.host != this_host():
        return Alive.ELSEWHERE
    try:
        seen = _observe(identity.pid)
        same = seen is not None and not seen.ended and _is_meant(identity, seen, marker)
    except PermissionError:
        return Alive.ELSEWHERE
    return Alive.YES if same else Alive.NO


def this_host() -> str:
    return os.uname().nodename


class _Observation(NamedTuple):
    start: str
    ended: bool


def _is_meant(identity: ProcessIdentity, seen: _Observation, marker: str) -> bool:
    if identity.start is None:
        # Empty for some milliseconds after `exec` (12 measured): a job that young still has its lock to protect it.
        return marker in _command_line(identity.pid)
    return identity.start == seen.start


def _observe_proc(pid: int) -> _Observation | None:
    try:
        content = Path(f"/proc/{pid}/stat").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return None
    # The name of the program comes second, in parentheses, and may hold spaces and parentheses.
    fields = content[content.rindex(b")") + 1 :].split()
    return _Observation(f"{_boot()}:{fields[19].decode()}", ended=fields[0] in (b"Z", b"X"))


@functools.cache
def _boot() -> str:
    """The start time in `stat` counts from the boot of the machine."""
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()


def _command_line_proc(pid: int) -> str:
    try:
        return os.fsdecode(Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" "))
    except (FileNotFoundError, ProcessLookupError):
        return ""


def _observe_psutil(pid: int) -> _Observation | None:
    import psutil

    try:
        process = psutil.Process(pid)
        return _Observation(repr(process.create_time()), ended=process.status() == psutil.STATUS_ZOMBIE)
    except psutil.AccessDenied as error:
        raise PermissionError(str(error)) from error
    except psutil.NoSuchProcess:
        return None


def _command_line_psutil(pid: int) -> str:
    import psutil

    try:
        return " ".join(psutil.Process(pid).cmdline())
    except psutil.AccessDenied as error:
        raise PermissionError(str(error)) from error
    except psutil.NoSuchProcess:
        return ""


_LINUX: Final = sys.platform == "linux"
_observe: Final[Callable[[int], _Observation | None]] = _observe_proc if _LINUX else _observe_psutil
_command_line: Final[Callable[[int], str]] = _command_line_proc if _LINUX else _command_line_psutil
