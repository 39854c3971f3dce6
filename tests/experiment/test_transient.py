"""Tasks whose result is only wanted by others."""

# ruff: noqa: PT012  # leaving the block of an experiment is what raises

from __future__ import annotations

from pathlib import Path

import pytest
from lab import Faulty, Journal, Step

from experimaestro import FailedExperiment, TransientMode
from experimaestro._types import JobState
from tests.experiment.conftest import Enter

TRANSIENT_MODES = [TransientMode.TRANSIENT, TransientMode.REMOVE]


@pytest.mark.parametrize("mode", TRANSIENT_MODES)
def test_a_transient_task_that_nobody_needs_does_not_run(enter: Enter, journal: Journal, mode: TransientMode) -> None:
    with enter() as xp:
        Step.C(number=1, journal=journal.path).submit(transient=mode)
        [job] = xp.jobs.values()
        assert job.wait() is JobState.UNSCHEDULED
    assert journal.lines() == []
    assert not job.path.exists()


@pytest.mark.parametrize("mode", TRANSIENT_MODES)
def test_a_transient_task_runs_for_those_that_need_it(enter: Enter, journal: Journal, mode: TransientMode) -> None:
    with enter() as xp:
        first = Step.C(number=1, journal=journal.path).submit(transient=mode)
        Step.C(number=2, journal=journal.path, needs=[first]).submit()
    assert journal.numbers("end") == [1, 2]
    kept = [job.path.exists() for job in xp.jobs.values()]
    assert kept == [mode is TransientMode.TRANSIENT, True]
    links = [path.name for path in xp.jobspath.glob("*/*")]
    assert sorted(links) == sorted(job.identifier for job in xp.jobs.values() if job.path.exists())


def test_a_transient_task_does_not_run_for_those_that_are_done(enter: Enter, journal: Journal) -> None:
    for _ in range(2):
        with enter():
            first = Step.C(number=1, journal=journal.path).submit(transient=TransientMode.REMOVE)
            Step.C(number=2, journal=journal.path, needs=[first]).submit()
    assert journal.numbers("end") == [1, 2]


def test_a_transient_task_stays_if_the_experiment_fails(enter: Enter, journal: Journal, tmp_path: Path) -> None:
    xp = enter()
    with pytest.raises(FailedExperiment), xp:
        first = Step.C(number=1, journal=journal.path).submit(transient=TransientMode.REMOVE)
        Faulty.C(number=2, journal=journal.path, needs=[first], mended=tmp_path / "mended").submit()
    assert [job.donepath.exists() for job in xp.jobs.values()] == [True, False]


def test_a_task_also_wanted_for_itself_runs_and_stays(enter: Enter, journal: Journal) -> None:
    with enter() as xp:
        Step.C(number=1, journal=journal.path).submit(transient=TransientMode.REMOVE)
        Step.C(number=1, journal=journal.path).submit()
    [job] = xp.jobs.values()
    assert journal.numbers("end") == [1]
    assert job.donepath.exists()
