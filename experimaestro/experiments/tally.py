"""The jobs of an experiment under way, counted."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from itertools import islice

from experimaestro._types import JobId, JobState
from experimaestro.scheduler.job import Job, Listener


class Tally(Listener):
    """Counts the jobs of an experiment by state.

    The cost of a change and of a look at the counts does not depend on the number of jobs.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._states: dict[JobId, JobState] = {}
        self._running: dict[JobId, Job] = {}
        self._counts: Counter[JobState] = Counter()
        self._reused = 0

    def job_submitted(self, job: Job) -> None:
        with self._lock:
            self._count(job, JobState.UNSCHEDULED)

    def job_state(self, job: Job) -> None:
        if job.is_preparation:
            return
        with self._lock:
            if job.state is JobState.DONE and job.starttime is None:
                self._reused += 1
            self._count(job, job.state)

    @property
    def total(self) -> int:
        """How many jobs were submitted."""
        return len(self._states)

    @property
    def finished(self) -> int:
        """How many jobs ended."""
        return self._counts[JobState.DONE] + self._counts[JobState.ERROR]

    @property
    def running(self) -> int:
        """How many jobs are under way."""
        return len(self._running)

    def first_running(self, count: int) -> Sequence[Job]:
        """The jobs that have been under way for longest."""
        with self._lock:
            return list(islice(self._running.values(), count))

    def by_state(self) -> Sequence[tuple[JobState, int]]:
        """How many jobs are in each state, of those where there are some."""
        return [(state, self._counts[state]) for state in JobState if self._counts[state]]

    def summary(self) -> str:
        """Counts by state, in words."""
        parts = ", ".join(f"{count} {state.name}" for state, count in self.by_state())
        return f"{jobs(self.total)}: {parts}" + (f" ({self._reused} done before)" if self._reused else "")

    @contextmanager
    def conclude(self, say: Callable[[str], object]) -> Generator[None]:
        """Says at the end what became of the jobs; that there were none, only if nothing else went wrong."""
        try:
            yield
        except BaseException:
            if self.total:
                say(self.summary())
            raise
        say(self.summary() if self.total else "no job was submitted")

    def _count(self, job: Job, state: JobState) -> None:
        former = self._states.get(job.identifier)
        if former is not None:
            self._counts[former] -= 1
        self._states[job.identifier] = state
        self._counts[state] += 1
        if state is JobState.RUNNING:
            self._running[job.identifier] = job
        else:
            self._running.pop(job.identifier, None)


def jobs(count: int) -> str:
    """A number of jobs, in words."""
    return f"{count} job{'' if count == 1 else 's'}"


def describe(job: Job) -> str:
    """A job as people know it: its task, the beginning of its identifier, its tags."""
    tags = ", ".join(f"{name}={value}" for name, value in job.tags.items())
    return f"{job.task_id}/{job.identifier[:8]}" + (f" ({tags})" if tags else "")


def failure(job: Job) -> str | None:
    """Why a job failed by itself, rather than because of another one; None when it did not."""
    if job.state is not JobState.ERROR or job.failure is None or job.failure.cause is not None:
        return None
    return job.failure.message
