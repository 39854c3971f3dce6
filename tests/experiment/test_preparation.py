"""Steps that the driver runs before the tasks that need them."""

# ruff: noqa: PT012  # leaving the block of an experiment is what raises

from __future__ import annotations

import pytest
from lab import Download, Journal, Use

from experimaestro import FailedExperiment
from tests.experiment.conftest import Enter


def test_a_preparation_runs_once_before_the_tasks_that_have_it(enter: Enter, journal: Journal) -> None:
    with enter():
        for number in (1, 2):
            data = Download.C(number=7, journal=journal.path)
            Use.C(number=number, journal=journal.path, data=data).submit()
    assert journal.lines()[0] == ("prepare", 7)
    assert journal.numbers("prepare") == [7]
    assert sorted(journal.numbers("end")) == [1, 2]


def test_what_is_prepared_is_not_prepared_again(enter: Enter, journal: Journal) -> None:
    with enter():
        data = Download.C(number=7, journal=journal.path, there=True)
        Use.C(number=1, journal=journal.path, data=data).submit()
    assert journal.lines() == [("start", 1), ("end", 1)]


def test_tasks_that_are_done_need_no_preparation(enter: Enter, journal: Journal) -> None:
    for _ in range(2):
        with enter():
            data = Download.C(number=7, journal=journal.path)
            Use.C(number=1, journal=journal.path, data=data).submit()
    assert journal.numbers("prepare") == [7]


def test_a_preparation_that_fails_fails_the_tasks_that_have_it(enter: Enter, journal: Journal) -> None:
    message = r"1 job failed, 1 job not run because of it\n\nlab\.download/\w{8}: ValueError: no such data$"
    with pytest.raises(FailedExperiment, match=message), enter():
        broken = Download.C(number=8, journal=journal.path, hopeless=True)
        Use.C(number=1, journal=journal.path, data=broken).submit()
        Use.C(number=2, journal=journal.path, data=Download.C(number=7, journal=journal.path)).submit()
    assert journal.numbers("end") == [2]


def test_a_preparation_that_failed_is_tried_again_by_the_next_submission(enter: Enter, journal: Journal) -> None:
    for _ in range(2):
        with pytest.raises(FailedExperiment), enter():
            Use.C(
                number=1, journal=journal.path, data=Download.C(number=8, journal=journal.path, hopeless=True)
            ).submit()
    assert journal.numbers("prepare") == [8, 8]


def test_a_preparation_that_failed_is_tried_again_in_the_same_block(enter: Enter, journal: Journal) -> None:
    with enter() as xp:
        for hopeless in (True, False):
            data = Download.C(number=7, journal=journal.path, hopeless=hopeless)
            Use.C(number=1, journal=journal.path, data=data).submit()
            if hopeless:
                with pytest.raises(FailedExperiment):
                    xp.wait()
    assert journal.numbers("prepare") == [7, 7]
    assert journal.numbers("end") == [1]
