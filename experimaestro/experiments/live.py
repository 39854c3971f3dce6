"""An experiment in a terminal: counts, and the running jobs with their progress."""

from __future__ import annotations

import sys
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from experimaestro._types import JobState
from experimaestro.experiments.tally import Tally, describe, failure, jobs
from experimaestro.scheduler.job import Job

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


@contextmanager
def live(xp: experiment) -> Generator[None]:
    """Shows an experiment in the terminal of the standard error output."""
    console = Console(stderr=True)
    tally = Failures(console)
    xp.add_listener(tally)
    picture = Live(
        get_renderable=lambda: draw(tally),
        console=console,
        refresh_per_second=2,
        transient=True,
        # What the experiment prints goes above the picture, unless it goes elsewhere.
        redirect_stdout=sys.stdout.isatty(),
    )
    with tally.conclude(lambda line: console.print(Text(line))), picture:
        yield


class Failures(Tally):
    """Counts jobs, and prints a line for each that fails."""

    def __init__(self, console: Console) -> None:
        super().__init__()
        self._console = console

    def job_state(self, job: Job) -> None:
        super().job_state(job)
        if reason := failure(job):
            self._console.print(Text(f"{describe(job)}: {reason}", style=STYLES[JobState.ERROR]))


def draw(tally: Tally) -> RenderableType:
    """The picture of now."""
    if not tally.total:
        return Text()
    table = Table.grid(padding=(0, 2))
    for job in tally.first_running(SHOWN):
        table.add_row(*_row(job))
    hidden = tally.running - SHOWN
    more = [Text(f"... and {hidden} more", style="dim")] if hidden > 0 else []
    return Group(_counts(tally), table, *more)


def _counts(tally: Tally) -> Text:
    states = [Text(f"{count} {state.name}", style=STYLES[state]) for state, count in tally.by_state()]
    return Text.assemble(f"{jobs(tally.total)}: ", Text("  ").join(states))


def _row(job: Job) -> Sequence[RenderableType]:
    levels = job.progress
    elapsed = str(timedelta(seconds=int(time.time() - job.starttime))) if job.starttime is not None else ""
    done = levels[0].progress if levels else 0.0
    desc = next((level.desc for level in reversed(levels) if level.desc), "")
    return (
        Text(describe(job), style="cyan", overflow="ellipsis", no_wrap=True),
        ProgressBar(total=1.0, completed=done, width=20),
        Text(f"{100 * done:3.0f}%"),
        Text(elapsed, style="dim"),
        Text(desc, style="dim", overflow="ellipsis", no_wrap=True),
    )
