"""Jobs as processes of this machine."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Final

from experimaestro._processes import ProcessIdentity
from experimaestro.connectors.base import Connector
from experimaestro.connectors.local import LocalConnector
from experimaestro.exceptions import HandledException
from experimaestro.launchers.base import Launcher, LaunchRequest, RunningProcess

LOCK_VARIABLE: Final = "XPM_LOCK_FD"
"""Tells the process of a job the descriptor of the lock it inherits."""


class InvalidJobLimitError(HandledException):
    """With such a limit no job would ever start."""

    def __init__(self, max_jobs: int) -> None:
        self.max_jobs = max_jobs
        super().__init__(f"max_jobs={max_jobs!r}: expected 1 or more, or None for no limit")


def usable_cpus() -> int:
    """Counts the processors that the present process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


USABLE_CPUS: Final = usable_cpus()


class DirectLauncher(Launcher):
    """Runs jobs as processes of this machine, at most `max_jobs` at once: by default, one for each usable processor."""

    def __init__(
        self, connector: Connector | None = None, *, max_jobs: int | None = USABLE_CPUS, priority: int = 0
    ) -> None:
        if max_jobs is not None and max_jobs < 1:
            raise InvalidJobLimitError(max_jobs)
        super().__init__(connector or LocalConnector.instance(), priority=priority)
        self.max_jobs = max_jobs

    async def start(self, request: LaunchRequest) -> RunningProcess:
        """Starts a job in its directory, with our environment and what is added to it.

        Raises OSError if it could not be started.
        """
        descriptor = request.lock_descriptor
        return self.connector.spawn(
            [sys.executable, str(request.script)],
            directory=request.directory,
            environment=job_environment(os.environ, self.environ, request),
            stdout=request.stdout,
            stderr=request.stderr,
            pass_fds=() if descriptor is None else (descriptor,),
        )

    async def attach(self, identity: ProcessIdentity) -> RunningProcess | None:
        """Takes over a job that another driver started; None if it does not run here any more.

        An identity without start time is trusted: whoever has one asks `is_alive` first.
        """
        return self.connector.attach(identity)


def job_environment(
    inherited: Mapping[str, str], launcher: Mapping[str, str], request: LaunchRequest
) -> dict[str, str]:
    """Composes the environment of a job: the request has the last word.

    In a job that runs an experiment, the inherited lock is that of the outer job.
    """
    outer = {name: value for name, value in inherited.items() if name != LOCK_VARIABLE}
    lock = {} if request.lock_descriptor is None else {LOCK_VARIABLE: str(request.lock_descriptor)}
    return {**outer, **launcher, **request.environment, **lock}
