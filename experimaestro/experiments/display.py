"""What is shown of an experiment while it runs: lines for a file, a changing picture for a terminal."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, TextIO

from experimaestro._types import JobState, RunMode
from experimaestro.experiments.tally import Tally, describe, failure
from experimaestro.scheduler.job import Job

if TYPE_CHECKING:
    from experimaestro.scheduler.experiment import experiment


def display(xp: experiment) -> AbstractContextManager[object]:
    """Shows an experiment that runs jobs on the standard error output, as it can."""
    if xp.run_mode is not RunMode.NORMAL:
        return contextlib.nullcontext()
    if sys.stderr.isatty() and os.environ.get("TERM", "dumb") not in ("dumb", "unknown"):
        from experimaestro.experiments.live import live  # late: rich, for terminals only

        return live(xp)
    return lines(xp, sys.stderr)


@contextmanager
def lines(xp: experiment, stream: TextIO) -> Generator[None]:
    """Shows an experiment as lines, for a file or a pipe."""
    shown = Lines(stream)
    xp.add_listener(shown)
    with shown.conclude(shown.write):
        yield


class Lines(Tally):
    """Writes a line for each job that starts or ends."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self._stream = stream

    def job_state(self, job: Job) -> None:
        super().job_state(job)
        if reason := failure(job):
            self._write_job(job, f": {reason}")
        elif job.starttime is not None and job.state in (JobState.RUNNING, JobState.DONE):
            self._write_job(job)

    def _write_job(self, job: Job, more: str = "") -> None:
        self.write(f"{job.state.name:8}{describe(job)}{more}  [{self.finished}/{self.total}]")

    def write(self, line: str) -> None:
        """Writes a line, with the time."""
        with contextlib.suppress(OSError):  # nobody reads any more: the experiment goes on
            self._stream.write(f"{time.strftime('%H:%M:%S')}  {line}\n")
            self._stream.flush()
