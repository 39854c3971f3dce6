"""A resumable task that ran out of time goes on, a number of times."""

from __future__ import annotations

from pathlib import Path

import pytest
from lab import Faulty, HurriedStep, Journal, Slow

from experimaestro import FailedExperiment, experiment
from experimaestro._types import JobFailureStatus
from experimaestro.settings import WorkspaceSettings
from tests.experiment.conftest import Enter


@pytest.mark.parametrize("max_retries", [0, 2])
def test_retries_are_counted_beyond_the_first_attempt(enter: Enter, journal: Journal, max_retries: int) -> None:
    xp = enter()
    with pytest.raises(FailedExperiment, match="come back"), xp:
        Slow.C(number=1, times=99, journal=journal.path).submit(max_retries=max_retries)
    [job] = xp.jobs.values()
    assert journal.numbers("start") == [1] * (max_retries + 1)
    assert job.retry_count == max_retries
    assert job.failure is not None
    assert job.failure.status is JobFailureStatus.TIMEOUT


def test_the_workspace_says_how_often_to_retry(workspace: Path, journal: Journal) -> None:
    settings = WorkspaceSettings("here", workspace, max_retries=1)
    with pytest.raises(FailedExperiment), experiment(settings, "xp", project_paths=[]):
        Slow.C(number=1, times=99, journal=journal.path).submit()
    assert journal.numbers("start") == [1, 1]


def test_a_task_that_ends_in_time_at_last_is_done(enter: Enter, journal: Journal) -> None:
    with enter():
        Slow.C(number=1, times=2, journal=journal.path).submit()
    assert journal.numbers("end") == [1]


def test_the_logs_of_all_attempts_are_kept(enter: Enter, journal: Journal) -> None:
    with enter() as xp:
        Slow.C(number=1, times=3, journal=journal.path).submit()
    [job] = xp.jobs.values()
    outputs = {path.read_text() for path in job.path.glob("slow*.out")}
    assert outputs == {f"attempt {number}\n" for number in (1, 2, 3, 4)}
    assert job.stdout.read_text() == "attempt 4\n"
    assert len(list(job.path.glob("slow*.err"))) == 4


def test_another_run_has_all_its_retries_again(enter: Enter, journal: Journal) -> None:
    """Release 2.7 counted them over all runs, until the task could never be run again."""
    for _ in range(2):
        with pytest.raises(FailedExperiment), enter():
            Slow.C(number=1, times=99, journal=journal.path).submit(max_retries=1)
    assert journal.numbers("start") == [1] * 4


def test_an_error_is_not_retried(enter: Enter, journal: Journal, tmp_path: Path) -> None:
    with pytest.raises(FailedExperiment), enter():
        Faulty.C(number=1, journal=journal.path, mended=tmp_path / "mended").submit(max_retries=3)
    assert journal.numbers("start") == [1]


def test_a_task_that_cannot_resume_is_not_retried(enter: Enter, journal: Journal) -> None:
    with pytest.raises(FailedExperiment, match="come back"), enter():
        HurriedStep.C(number=1, journal=journal.path).submit(max_retries=3)
    assert journal.numbers("start") == [1]
