"""What is shown of an experiment while it runs."""

from __future__ import annotations

import io
import os
import pty
import re
import subprocess
import sys
from collections.abc import Iterator
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from rich.console import Console

from experimaestro._types import JobFailureStatus, JobState
from experimaestro.experiments.display import Lines
from experimaestro.experiments.live import draw
from experimaestro.experiments.tally import Tally
from experimaestro.scheduler.messages import Failure, Key
from experimaestro.workspace.events import Level

if TYPE_CHECKING:
    from tests.conftest import Place


def job(number: int, **values: Any) -> Any:  # Any: what a display reads of a job, and no more
    return SimpleNamespace(
        identifier=f"{number:064x}"[::-1],
        task_id="learn",
        is_preparation=False,
        state=JobState.UNSCHEDULED,
        starttime=None,
        failure=None,
        tags={},
        progress=[],
        **values,
    )


def moved(tally: Tally, job: Any, state: JobState) -> None:
    job.state = state
    if state is JobState.RUNNING:
        job.starttime = 0.0
    tally.job_state(job)


def submitted(tally: Tally, count: int) -> list[Any]:
    jobs = [job(number) for number in range(count)]
    for one in jobs:
        tally.job_submitted(one)
    return jobs


def test_jobs_are_counted_by_state() -> None:
    tally = Tally()
    done, before, running, waiting, _ = submitted(tally, 5)
    moved(tally, done, JobState.RUNNING)
    moved(tally, done, JobState.DONE)
    moved(tally, before, JobState.DONE)
    moved(tally, running, JobState.RUNNING)
    moved(tally, waiting, JobState.WAITING)
    assert tally.summary() == "5 jobs: 1 unscheduled, 1 waiting, 1 running, 2 done (1 done before)"
    assert list(tally.first_running(3)) == [running]


def test_preparations_are_no_jobs() -> None:
    tally = Tally()
    preparation = job(1)
    preparation.is_preparation = True
    moved(tally, preparation, JobState.RUNNING)
    assert (tally.total, tally.running) == (0, 0)


def test_lines_tell_which_jobs_fail_by_themselves() -> None:
    stream = io.StringIO()
    lines = Lines(stream)
    first, second = submitted(lines, 2)
    first.failure = Failure(JobFailureStatus.FAILED, "ValueError: no luck")
    second.failure = Failure(JobFailureStatus.DEPENDENCY, "not run", Key(first.identifier))
    moved(lines, first, JobState.RUNNING)
    moved(lines, first, JobState.ERROR)
    moved(lines, second, JobState.ERROR)
    shown = [line[10:] for line in stream.getvalue().splitlines()]
    assert shown == ["running learn/00000000  [0/2]", "error   learn/00000000: ValueError: no luck  [1/2]"]


def test_lines_that_nobody_reads_any_more_are_dropped() -> None:
    class Closed(io.StringIO):
        def write(self, text: str, /) -> int:
            raise BrokenPipeError

    lines = Lines(Closed())
    [one] = submitted(lines, 1)
    moved(lines, one, JobState.RUNNING)
    assert lines.running == 1


def picture(tally: Tally) -> list[str]:
    console = Console(width=100, file=io.StringIO(), force_terminal=False)
    with console.capture() as captured:
        console.print(draw(tally))
    return [line.rstrip() for line in captured.get().splitlines()]


def test_picture_has_counts_and_the_jobs_that_run_for_longest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.time", lambda: 3723.0)
    tally = Tally()
    jobs = submitted(tally, 12)
    for one in jobs[:10]:
        moved(tally, one, JobState.RUNNING)
    jobs[0].tags = {"lr": 0.1}
    jobs[0].progress = [Level(0, 0.25, "Epochs"), Level(1, 0.5, "Batches")]
    counts, first, *_, more = picture(tally)
    assert counts == "12 jobs: 2 unscheduled  10 running"
    assert first.split() == ["learn/00000000", "(lr=0.1)", first.split()[2], "25%", "1:02:03", "Batches"]
    assert more == "... and 2 more"
    assert len(picture(tally)) == 1 + 8 + 1


def test_picture_is_empty_without_job() -> None:
    assert picture(Tally()) == [""]


def test_picture_costs_the_same_with_many_jobs() -> None:
    """The number of steps is counted: time would depend on the machine."""

    def steps(count: int) -> int:
        tally = Tally()
        for one in submitted(tally, count):
            moved(tally, one, JobState.RUNNING)
        seen = 0

        def count_lines(frame: object, event: str, argument: object) -> Any:  # Any: a trace function, as sys has it
            nonlocal seen
            seen += 1
            return count_lines

        former = sys.gettrace()
        sys.settrace(count_lines)
        try:
            draw(tally)
        finally:
            sys.settrace(former)
        return seen

    assert steps(20) == steps(5000)


def read_all(descriptor: int) -> Iterator[bytes]:
    while True:
        try:
            block = os.read(descriptor, 65536)
        except OSError:  # the other end of a terminal is closed
            return
        if not block:
            return
        yield block


PRINTS = """\
    import logging, sys
    print("printed")
    print("to stderr", file=sys.stderr)
    logging.getLogger("mine").warning("logged")
"""


def test_terminal_shows_a_picture_and_keeps_what_is_printed_whole(place: Place, files: dict[str, str]) -> None:
    place.write({**files, "experiment.py": files["experiment.py"] + PRINTS, "exp.yaml": "id: exp\nxs: [1, -1]\n"})
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "experimaestro", "run-experiment", "--workdir", "ws", "exp"],
        cwd=place.directory,
        env={**place.environment, "TERM": "xterm"},
        stdout=theirs,
        stderr=theirs,
        stdin=theirs,
    ) as driver:
        os.close(theirs)
        text = b"".join(read_all(ours)).decode()
    os.close(ours)
    assert driver.returncode == 1
    assert "\x1b[?25l" in text, "the cursor is hidden while the picture changes"
    assert text.rindex("\x1b[?25h") > text.rindex("\x1b[?25l"), "and shown at the end"
    lines = [re.split(r"\x1b\[[0-9;?]*[A-Za-z]", line)[-1] for line in text.replace("\r", "").splitlines()]
    assert [line for line in lines if line in ("printed", "to stderr")] == ["printed", "to stderr"]
    assert [line for line in lines if line.endswith("WARNING mine: logged")]
    assert "2 jobs: 1 done, 1 error" in lines
