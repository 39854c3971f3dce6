"""What limits how many jobs run at once."""

# ruff: noqa: PT012  # leaving the block of an experiment is what raises

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec

import pytest
from lab import Journal, Learn, Step

from experimaestro import FailedExperiment, RunMode
from experimaestro._files import FileLock
from experimaestro._types import JobState
from experimaestro.launchers import DirectLauncher
from experimaestro.scheduler.tokens import CounterToken
from experimaestro.workspace.tokens import CounterTokenDirectory, TokenTooSmallError
from tests.experiment.conftest import Drive, Enter, Eventually

P = ParamSpec("P")


@pytest.mark.parametrize("limit", [1, 3])
def test_a_launcher_runs_as_many_jobs_as_it_may(
    enter: Enter,
    eventually: Eventually,
    journal: Journal,
    tmp_path: Path,
    limit: int,
) -> None:
    gate = tmp_path / "gate"
    with enter(launcher=DirectLauncher(max_jobs=limit)):
        for number in range(4):
            Step.C(number=number, journal=journal.path, gate=gate).submit()
        eventually(lambda: len(journal.numbers("start")) == limit)
        gate.touch()
    assert journal.most_at_once() == limit
    assert sorted(journal.numbers("end")) == [0, 1, 2, 3]


def test_each_launcher_has_its_own_limit(
    enter: Enter,
    eventually: Eventually,
    journal: Journal,
    tmp_path: Path,
) -> None:
    gate, other = tmp_path / "gate", DirectLauncher(max_jobs=1)
    with enter(launcher=DirectLauncher(max_jobs=1)):
        Step.C(number=1, journal=journal.path, gate=gate).submit()
        Step.C(number=2, journal=journal.path, gate=gate).submit(launcher=other)
        eventually(lambda: len(journal.numbers("start")) == 2)
        gate.touch()


def test_a_task_submitted_twice_stays_with_its_launcher(enter: Enter, journal: Journal) -> None:
    other = DirectLauncher(max_jobs=1)
    with enter(launcher=DirectLauncher(max_jobs=2)):
        Step.C(number=1, journal=journal.path).submit()
        Step.C(number=1, journal=journal.path).submit(launcher=other)
        Step.C(number=2, journal=journal.path).submit(launcher=other)
    assert sorted(journal.numbers("end")) == [1, 2]


def test_a_job_does_not_start_without_its_tokens(
    enter: Enter,
    eventually: Eventually,
    journal: Journal,
    tmp_path: Path,
) -> None:
    gate = tmp_path / "gate"
    with enter(launcher=DirectLauncher(max_jobs=4)) as xp:
        token = xp.token("gpu", 2)
        for number in (1, 2, 3):
            token(1, Step.C(number=number, journal=journal.path, gate=gate)).submit()
        Step.C(number=4, journal=journal.path).submit()
        eventually(lambda: 4 in journal.numbers("end") and len(journal.numbers("start")) == 3)
        assert token.available == 0
        gate.touch()
    assert 3 not in journal.numbers("start")[:2]
    assert sorted(journal.numbers("end")) == [1, 2, 3, 4]
    assert token.available == 2


def test_two_drivers_share_the_units_of_a_token(drive: Drive, tmp_path: Path, journal: Journal) -> None:
    drivers = [drive("limited.py", tmp_path / name, journal.path, start) for name, start in (("a", 0), ("b", 100))]
    assert [(driver.wait(60), driver.stderr and driver.stderr.read()) for driver in drivers] == [(0, ""), (0, "")]
    assert len(journal.numbers("end")) == 8
    assert journal.most_at_once() == 1


def test_two_drivers_of_the_same_jobs_share_the_units_of_a_token(
    drive: Drive, tmp_path: Path, journal: Journal
) -> None:
    drivers = [drive("limited.py", tmp_path / "ws", journal.path, 0, name) for name in ("a", "b")]
    assert [driver.wait(60) for driver in drivers] == [0, 0]
    assert sorted(journal.numbers("start")) == [0, 1, 2, 3]
    assert journal.most_at_once() == 1


def test_more_units_than_there_are_is_refused_at_once(enter: Enter) -> None:
    with enter() as xp, pytest.raises(TokenTooSmallError, match=r"'gpu'.* 2 .*3"):
        xp.token("gpu", 2)(3, Learn.C(number=1)).submit()


def test_a_token_that_shrinks_fails_those_that_need_more(enter: Enter, tmp_path: Path, journal: Journal) -> None:
    """The others go on."""
    with pytest.raises(FailedExperiment, match=r"lab\.step/.* token 'gpu' has 1 units"), enter() as xp:
        gate = tmp_path / "gate"
        first = Step.C(number=1, journal=journal.path, gate=gate).submit()
        token = xp.token("gpu", 2)
        token(2, Step.C(number=2, journal=journal.path, needs=[first])).submit()
        token(1, Step.C(number=3, journal=journal.path, needs=[first])).submit()
        CounterToken.create("gpu", token.path, 1)
        gate.touch()
    assert journal.numbers("end") == [1, 3]


def test_the_units_of_a_job_that_someone_else_runs_stay_taken(
    enter: Enter, eventually: Eventually, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other driver is played by the lock of the job."""
    with enter(run_mode=RunMode.GENERATE_ONLY):
        directory = Step.C(number=1, journal=journal.path).submit().job.path
    lock = FileLock(directory / "step.lock")
    lock.acquire(blocking=True)
    answers: list[bool] = []
    monkeypatch.setattr(CounterTokenDirectory, "try_acquire", listened(CounterTokenDirectory.try_acquire, answers))
    with enter() as xp:
        token = xp.token("gpu", 1)
        token(1, Step.C(number=1, journal=journal.path)).submit()
        [job] = xp.jobs.values()
        eventually(lambda: job.state is JobState.RUNNING)
        token(1, Step.C(number=2, journal=journal.path)).submit()
        eventually(lambda: len(answers) > 1)
        assert answers[:2] == [True, False]
        job.donepath.touch()
        lock.release()
    assert journal.numbers("end") == [2]


def listened(function: Callable[P, bool], answers: list[bool]) -> Callable[P, bool]:
    """Makes a function tell its answers."""

    def told(*arguments: P.args, **options: P.kwargs) -> bool:
        answers.append(function(*arguments, **options))
        return answers[-1]

    return told
