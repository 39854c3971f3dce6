"""`wait()` of what a plan submits."""

from __future__ import annotations

from pathlib import Path

import pytest
from lab import Faulty, Journal, Learn, Step

from experimaestro import FailedExperiment
from experimaestro._types import JobState
from experimaestro.core.submission import NotSubmittedError
from tests.experiment.conftest import Enter


def test_a_task_tells_when_it_is_done(enter: Enter, journal: Journal) -> None:
    with enter():
        assert Step.C(number=1, journal=journal.path).submit().wait() is JobState.DONE
        assert journal.numbers("end") == [1]


def test_an_output_waits_for_its_task(enter: Enter) -> None:
    with enter():
        assert Learn.C(number=1).submit().wait() is JobState.DONE


def test_a_failure_is_told_not_raised(enter: Enter, journal: Journal, tmp_path: Path) -> None:
    with pytest.raises(FailedExperiment), enter():
        assert Faulty.C(number=1, journal=journal.path, mended=tmp_path / "mended").submit().wait() is JobState.ERROR


def test_what_is_not_submitted_has_nothing_to_wait_for(journal: Journal) -> None:
    with pytest.raises(NotSubmittedError):
        Step.C(number=1, journal=journal.path).wait()
