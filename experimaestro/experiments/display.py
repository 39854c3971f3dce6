"""What is shown of an experiment while it runs: lines for a file, a changing picture for a terminal."""

from __future__ import annotations

import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Final, TextIO

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from experimaestro._types import JobState
from experimaestro.scheduler.job import Job, Listener

if TYPE_CHECKING:
    from experimaestro.scheduler.experiment import experiment

SHOWN: Final = 8
"""How many running jobs are shown."""

STYLES: Final = {
    JobState.DONE: "green",
    JobState.ERROR: "red",
    JobState.RUNNING: "cyan",
    JobState.SCHEDULED: "cyan",
    JobState.READY: "yellow",
    JobState.WAITING: "yellow",
    JobState.UNSCHEDULED: "dim",
}


class Tally(Listener):
    """Counts the jobs of an experiment by state; those that were done before are apart."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._states: dict[str, JobState] = {}
        self._running: dict[str, Job] = {}
        self.counts: Counter[JobState] = Counter()
        self.reused = 0

    @property
    def total(self) -> int:
        """How many jobs were submitted."""
        return len(self._states)

    def job_submitted(self, job: Job) -> None:
        with self._lock:
            self._count(job, JobState.UNSCHEDULED)

    def job_state(self, job: Job) -> None:
        if job.is_preparation:
            return
        with self._lock:
            if job.state is JobState.DONE and job.starttime is None:
                self.reused += 1
            self._count(job, job.state)

    def running(self) -> Sequence[Job]:
        """The jobs under way, first started first."""
        with self._lock:
            return list(self._running.values())

    def summary(self) -> str:
        """Counts by state, in words."""
        parts = [f"{self.counts[state]} {state.name}" for state in JobState if self.counts[state]]
        reused = f" ({self.reused} were done before)" if self.reused else ""
        return (", ".join(parts) or "no job") + reused

    def _count(self, job: Job, state: JobState) -> None:
        former = self._states.get(job.identifier)
        if former is not None:
            self.counts[former] -= 1
        self._states[job.identifier] = state
        self.counts[state] += 1
        if state is JobState.RUNNING:
            self._running[job.identifier] = job
        else:
            self._running.pop(job.identifier, None)


class Lines(Tally):
    """Writes a line for each job that starts or ends."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self._stream = stream

    def job_state(self, job: Job) -> None:
        super().job_state(job)
        if job.starttime is not None and job.state in (JobState.RUNNING, JobState.DONE, JobState.ERROR):
            finished = self.counts[JobState.DONE] + self.counts[JobState.ERROR]
            self._write(f"{job.state.name:8}{describe(job)}  [{finished}/{self.total}]")

    def close(self) -> None:
        """Writes the counts."""
        if self.total:
            self._write(self.summary())

    def _write(self, line: str) -> None:
        self._stream.write(f"{time.strftime('%H:%M:%S')}  {line}\n")
        self._stream.flush()


def describe(job: Job) -> str:
    """A job as people know it: its task, the beginning of its identifier, its tags."""
    tags = ", ".join(f"{name}={value}" for name, value in job.tags.items())
    return f"{job.task_id}/{job.identifier[:8]}" + (f" ({tags})" if tags else "")


@contextmanager
def lines(xp: experiment, stream: TextIO) -> Iterator[None]:
    """Shows an experiment as lines, for a file or a pipe."""
    shown = Lines(stream)
    xp.add_listener(shown)
    try:
        yield
    finally:
        shown.close()


@contextmanager
def live(xp: experiment, console: Console) -> Iterator[None]:
    """Shows an experiment in a terminal: counts, and running jobs with their progress."""
    tally = Tally()
    xp.add_listener(tally)
    # What the experiment prints goes above the picture, unless it goes elsewhere.
    to_terminal = sys.stdout.isatty()
    picture = Live(
        get_renderable=lambda: _picture(tally),
        console=console,
        refresh_per_second=4,
        transient=True,
        redirect_stdout=to_terminal,
    )
    try:
        with picture:
            yield
    finally:
        if tally.total:
            console.print(tally.summary())


def display(xp: experiment) -> AbstractContextManager[None]:
    """Shows an experiment on the standard error output, as it can."""
    console = Console(stderr=True)
    return live(xp, console) if console.is_terminal else lines(xp, sys.stderr)


def _picture(tally: Tally) -> RenderableType:
    running = tally.running()
    table = Table.grid(padding=(0, 2))
    for job in running[:SHOWN]:
        table.add_row(*_row(job))
    more = [Text(f"... and {len(running) - SHOWN} more", style="dim")] if len(running) > SHOWN else []
    return Group(_counts(tally), table, *more)


def _counts(tally: Tally) -> Text:
    text = Text(f"{tally.total} jobs: ")
    for state in JobState:
        if tally.counts[state]:
            text.append(f"{tally.counts[state]} {state.name}  ", style=STYLES[state])
    return text


def _row(job: Job) -> Sequence[RenderableType]:
    levels = job.progress
    elapsed = f"{time.time() - job.starttime:.0f} s" if job.starttime is not None else ""
    done = levels[0].progress if levels else 0.0
    desc = next((level.desc for level in reversed(levels) if level.desc), "")
    return (
        Text(describe(job), style="cyan", overflow="ellipsis", no_wrap=True),
        ProgressBar(total=1.0, completed=done, width=20),
        Text(f"{100 * done:3.0f}%"),
        Text(elapsed, style="dim"),
        Text(desc, style="dim", overflow="ellipsis", no_wrap=True),
    )
