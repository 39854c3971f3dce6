"""Submitted tasks run, each once."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from lab import Double, Evaluate, Journal, Learn, Model, Paths, Step

from experimaestro import Config, Job, experiment
from experimaestro._types import JobState
from experimaestro.core.submission import NoExperimentError
from experimaestro.scheduler import Listener
from tests.experiment.conftest import Enter


def test_leaving_the_block_waits_for_the_jobs(enter: Enter, journal: Journal) -> None:
    with enter():
        Step.C(number=1, journal=journal.path).submit()
    assert journal.lines() == [("start", 1), ("end", 1)]


def test_a_plan_that_is_done_runs_nothing(enter: Enter, journal: Journal) -> None:
    for _ in range(2):
        with enter() as xp:
            Step.C(number=1, journal=journal.path).submit()
        assert [job.state for job in xp.jobs.values()] == [JobState.DONE]
    assert journal.numbers("start") == [1]


def test_two_experiments_share_a_job(enter: Enter, journal: Journal) -> None:
    for name in ("first", "second"):
        with enter(name):
            Step.C(number=1, journal=journal.path).submit()
    assert journal.numbers("start") == [1]


def test_equal_configurations_are_one_job(enter: Enter, journal: Journal) -> None:
    with enter() as xp:
        first, second = (Step.C(number=1, journal=journal.path).submit() for _ in range(2))
        assert first.job is second.job
    assert journal.numbers("start") == [1]
    assert len(xp.jobs) == 1


def test_a_task_starts_when_those_it_needs_have_ended(enter: Enter, journal: Journal) -> None:
    with enter():
        first = Step.C(number=1, journal=journal.path).submit()
        second = Step.C(number=2, journal=journal.path, needs=[first]).submit()
        Step.C(number=3, journal=journal.path, needs=[first, second]).submit()
    assert journal.lines() == [(word, number) for number in (1, 2, 3) for word in ("start", "end")]


def test_the_output_of_a_task_brings_its_dependency(enter: Enter, tmp_path: Path) -> None:
    output = tmp_path / "output"
    with enter() as xp:
        model = Learn.C(number=21).submit()
        assert isinstance(model, Model)
        Evaluate.C(model=model, output=output).submit()
    assert output.read_text() == "21"
    assert sorted(job.task_id for job in xp.jobs.values()) == ["lab.evaluate", "lab.learn"]


def test_initialization_tasks_run_first_in_the_process_of_the_task(enter: Enter, tmp_path: Path) -> None:
    output = tmp_path / "output"
    with enter():
        model = Learn.C(number=21).submit()
        Evaluate.C(model=model, output=output).submit(init_tasks=[Double.C(model=model)])
    assert output.read_text() == "42"


def test_generated_paths_lie_in_the_directory_of_the_job(enter: Enter) -> None:
    with enter() as xp:
        task = Paths.C(number=1).submit()
        [job] = xp.jobs.values()
    assert task.result == job.path / "result.txt"
    assert task.result.read_text() == str(job.path)


def test_a_job_can_be_waited_for(enter: Enter, journal: Journal, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    with enter() as xp:
        Step.C(number=1, journal=journal.path, gate=gate).submit()
        Step.C(number=2, journal=journal.path).submit()
        one, two = xp.jobs.values()
        assert two.wait() is JobState.DONE
        assert not one.is_settled()
        gate.touch()
        assert one.wait() is JobState.DONE


def test_waiting_in_the_block_makes_the_results_available(enter: Enter, tmp_path: Path) -> None:
    output = tmp_path / "output"
    with enter() as xp:
        Evaluate.C(model=Learn.C(number=1).submit(), output=output).submit()
        xp.wait()
        assert output.read_text() == "1"
        assert xp.unfinishedJobs == 0
        Evaluate.C(model=Learn.C(number=2).submit(), output=output).submit()
    assert output.read_text() == "2"


def test_the_success_of_a_job_is_told_once(enter: Enter, journal: Journal) -> None:
    calls: list[str] = []
    with enter() as xp:
        Step.C(number=1, journal=journal.path).submit()
        [job] = xp.jobs.values()
        job.on_completed(lambda: calls.append("early"))
        xp.wait()
        job.on_completed(lambda: calls.append("late"))
        Step.C(number=1, journal=journal.path).submit()
    assert calls == ["early", "late"]


def test_all_callbacks_have_returned_when_the_experiment_ends(enter: Enter) -> None:
    told, ended = threading.Event(), threading.Event()

    def callback() -> None:
        told.wait(20)
        ended.set()

    with enter() as xp:
        Learn.C(number=1).submit()
        [job] = xp.jobs.values()
        job.on_completed(callback)
        job.wait()
        told.set()
    assert ended.is_set()


class Recording(Listener):
    def __init__(self) -> None:
        self.states: list[str] = []

    def job_submitted(self, job: Job) -> None:
        self.states.append("submitted")

    def job_state(self, job: Job) -> None:
        self.states.append(job.state.name)


def test_a_listener_is_told_of_each_change(enter: Enter) -> None:
    listener = Recording()
    xp = enter()
    xp.add_listener(listener)
    with xp:
        Learn.C(number=1).submit()
    assert listener.states == ["submitted", "ready", "scheduled", "running", "done"]


class Raising(Listener):
    def job_submitted(self, job: Job) -> None:
        raise RuntimeError("a defect of the listener")

    def job_state(self, job: Job) -> None:
        raise RuntimeError("a defect of the listener")


def test_a_listener_that_fails_does_not_stop_the_experiment(
    enter: Enter, journal: Journal, caplog: pytest.LogCaptureFixture
) -> None:
    with enter() as xp:
        xp.add_listener(Raising())
        Step.C(number=1, journal=journal.path).submit()
    assert journal.numbers("end") == [1]
    assert "a defect of the listener" in caplog.text


def test_a_submission_without_experiment_is_refused(journal: Journal) -> None:
    with pytest.raises(NoExperimentError, match="experiment"):
        Step.C(number=1, journal=journal.path).submit()


def test_experiments_nest(enter: Enter, tmp_path: Path, journal: Journal) -> None:
    with enter("outer") as outer:
        Step.C(number=1, journal=journal.path).submit()
        with experiment(tmp_path / "elsewhere", "inner", project_paths=[]) as inner:
            assert experiment.current() is inner
            Step.C(number=2, journal=journal.path).submit()
        assert experiment.current() is outer
        Step.C(number=3, journal=journal.path).submit()
    assert (len(outer.jobs), len(inner.jobs)) == (2, 1)
    assert [job.path.is_relative_to(tmp_path / "elsewhere") for job in inner.jobs.values()] == [True]


def test_what_another_experiment_submitted_can_be_needed(enter: Enter, journal: Journal, tmp_path: Path) -> None:
    with enter("first"):
        first = Step.C(number=1, journal=journal.path).submit()
    with enter("second") as xp:
        Step.C(number=2, journal=journal.path, needs=[first]).submit()
    assert journal.numbers("end") == [1, 2]
    assert len(xp.jobs) == 2


def test_a_job_of_another_workspace_runs_where_it_was_submitted(enter: Enter, tmp_path: Path, journal: Journal) -> None:
    with enter("outer") as outer:
        task = Step.C(number=1, journal=journal.path).submit()
        with experiment(tmp_path / "elsewhere", "inner", project_paths=[]) as inner:
            Step.C(number=2, journal=journal.path, needs=[task]).submit()
    assert journal.numbers("end") == [1, 2]
    assert outer.jobs.keys() & inner.jobs.keys() == {task.job.identifier}
    assert inner.jobs[task.job.identifier].path == outer.jobs[task.job.identifier].path


def test_a_plan_can_be_wide_and_deep(enter: Enter, journal: Journal) -> None:
    """Diamonds one after the other: each step starts after those it needs."""
    with enter():
        top = Step.C(number=0, journal=journal.path).submit()
        for number in range(1, 10, 3):
            sides: list[Config] = [
                Step.C(number=number + k, journal=journal.path, needs=[top]).submit() for k in (0, 1)
            ]
            top = Step.C(number=number + 2, journal=journal.path, needs=sides).submit()
    ends = journal.numbers("end")
    assert sorted(ends) == list(range(10))
    assert [sorted(ends[k : k + 2]) for k in (1, 4, 7)] == [[1, 2], [4, 5], [7, 8]]
