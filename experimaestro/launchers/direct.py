"""Jobs as processes of this machine."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Final, Literal

from experimaestro._processes import ProcessIdentity
from experimaestro.connectors.base import Connector
from experimaestro.connectors.local import LocalConnector
from experimaestro.exceptions import HandledException
from experimaestro.launchers.base import Launcher, LaunchRequest, Pool, RunningProcess

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
    """Runs jobs as processes of this machine."""

    def __init__(
        self,
        connector: Connector | None = None,
        *,
        max_jobs: int | Literal["processors"] | None = "processors",
        priority: float = 0,
    ) -> None:
        """Describes how jobs run.

        :param max_jobs: how many of its jobs may run at once, None for no limit; ``"processors"``: one for each usable
            processor, the jobs of all launchers that say so counted together.
        """
        self._is_shared = max_jobs == "processors"
        limit = USABLE_CPUS if max_jobs == "processors" else max_jobs
        if limit is not None and limit < 1:
            raise InvalidJobLimitError(limit)
        super().__init__(connector or LocalConnector.instance(), priority=priority)
        self.max_jobs = limit

    @property
    def pool(self) -> Pool:
        """That of this machine, unless it has a limit of its own."""
        return Pool(f"{self}/{self.max_jobs}", self.max_jobs) if self._is_shared else super().pool

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
