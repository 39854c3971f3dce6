"""Tasks that know whether their output is there."""

from __future__ import annotations

from pathlib import Path

import pytest
from lab import Export, Journal

from experimaestro import Job, RunMode
from experimaestro._types import JobState
from experimaestro.scheduler.validity import OutputValidityError
from tests.experiment.conftest import Enter


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "output"


def run(enter: Enter, output: Path, journal: Journal) -> Job:
    with enter():
        task = Export.C(number=1, output=output, journal=journal.path)
        task.submit()
    job = task.job
    assert isinstance(job, Job)
    return job


def test_task_whose_output_is_there_is_not_run_again(enter: Enter, output: Path, journal: Journal) -> None:
    run(enter, output, journal)
    run(enter, output, journal)
    assert journal.numbers("start") == [1]


def test_task_whose_output_vanished_is_run_again(
    enter: Enter, output: Path, journal: Journal, caplog: pytest.LogCaptureFixture
) -> None:
    job = run(enter, output, journal)
    output.unlink()
    assert run(enter, output, journal).state is JobState.DONE
    assert journal.numbers("start") == [1, 1]
    assert f"{job.path} is run again: its __xpm_output_valid__ says that its output is missing" in caplog.text


def test_output_that_is_there_already_is_taken(enter: Enter, output: Path, journal: Journal) -> None:
    output.touch()
    job = run(enter, output, journal)
    assert (job.state, journal.lines()) == (JobState.DONE, [])
    assert job.donepath.exists()
    assert (job.path / "params.json").exists()


def test_a_dry_run_says_that_the_task_would_be_run_again(
    enter: Enter, output: Path, journal: Journal, capfd: pytest.CaptureFixture[str]
) -> None:
    job = run(enter, output, journal)
    output.unlink()
    with enter(run_mode=RunMode.DRY_RUN):
        Export.C(number=1, output=output, journal=journal.path).submit()
    assert "[not run] Simulating lab.export/" in capfd.readouterr().err
    assert job.donepath.exists()


def test_answer_that_is_no_boolean_is_refused(
    enter: Enter, output: Path, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Export, "__xpm_output_valid__", lambda self: "yes")
    with pytest.raises(OutputValidityError, match="returned 'yes', expected True"):
        run(enter, output, journal)
