"""What a task produces is used while the task runs."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from lab import Journal, Step
from watched import (
    Checkpoint,
    Evaluate,
    Learn,
    LearnAlone,
    LearnBriefly,
    LearnGreedily,
    LearnOddly,
    LearnToFiles,
    LearnTwice,
    Validation,
    plan,
)

from experimaestro import FailedExperiment, Job, RunMode, experiment
from experimaestro._types import JobState
from experimaestro.exceptions import ExperimentStopped
from tests.experiment.conftest import Drive, Enter, Eventually

# ruff: noqa: PT012  # leaving the block of an experiment is what raises


@pytest.fixture
def gates(tmp_path: Path) -> Path:
    """A directory of files that tasks wait for."""
    directory = tmp_path / "gates"
    directory.mkdir()
    return directory


@pytest.fixture
def learn(journal: Journal) -> Callable[..., Learn]:
    """Describes a task which registers three checkpoints."""

    def describe(kind: type[Learn] = Learn, steps: int = 3, gates: Path | None = None, dies_at: int = -1) -> Learn:
        validation = Validation.C(size=10)
        return kind.C(validation=validation, steps=steps, journal=journal.path, gates=gates, dies_at=dies_at)

    return describe


Describe = Callable[..., Learn]


def test_each_output_is_told_once_in_order(enter: Enter, learn: Describe) -> None:
    found: list[Checkpoint] = []
    with enter():
        task = learn()
        task.watch_output(task.validation.checkpoint, found.append)
        task.submit()
    assert [(each.step, each.name) for each in found] == [(0, "best"), (1, "best"), (2, "best")]


def test_a_task_can_describe_its_outputs_itself(enter: Enter, learn: Describe) -> None:
    found: list[Checkpoint] = []
    with enter():
        task = learn(LearnAlone).submit()
        task.watch_output(task.snapshot, found.append)
    assert [each.step for each in found] == [0, 1, 2]


def test_a_path_is_registered_and_told_as_a_path(enter: Enter, learn: Describe) -> None:
    found: list[Checkpoint] = []
    with enter():
        task: LearnToFiles = learn(LearnToFiles).submit()
        task.watch_output(task.saved, found.append)
    assert [(each.step, each.name) for each in found] == [(2, "1.pt")]


def test_an_output_is_used_before_the_task_ends(
    enter: Enter, learn: Describe, journal: Journal, gates: Path, eventually: Eventually
) -> None:
    with enter():
        plan(journal.path, 2, gates)
        (gates / "0").touch()
        eventually(lambda: journal.numbers("evaluated") == [0])
        assert journal.numbers("end") == []
        (gates / "1").touch()
    assert journal.numbers("evaluated") == [0, 1]


def test_what_depends_on_the_task_too_waits_for_its_end(
    enter: Enter, learn: Describe, journal: Journal, gates: Path, eventually: Eventually
) -> None:
    jobs: list[Job] = []
    with enter() as xp:
        task = learn(steps=1, gates=gates)

        def use(checkpoint: Checkpoint) -> None:
            Step.C(number=7, needs=[checkpoint, task], journal=journal.path).submit()
            jobs.extend(xp.jobs.values())

        task.watch_output(task.validation.checkpoint, use)
        task.submit()
        (gates / "0").touch()
    assert journal.numbers("end") == [1, 7]
    assert [dependency.origin for dependency in jobs[1].dependencies] == [jobs[0]]


def test_all_outputs_are_told_before_the_experiment_ends(enter: Enter, learn: Describe) -> None:
    told, found = threading.Event(), list[int]()

    def slow(checkpoint: Checkpoint) -> None:
        told.wait(20)
        found.append(checkpoint.step)

    with enter() as xp:
        task = learn()
        task.watch_output(task.validation.checkpoint, slow)
        [job] = [task.submit().job]
        assert job.wait() is JobState.DONE
        assert found == []
        threading.Timer(0.01, told.set).start()
        xp.wait()
        assert found == [0, 1, 2]


def test_a_callback_may_watch_other_tasks(enter: Enter, learn: Describe) -> None:
    found: list[int] = []

    def go_on(checkpoint: Checkpoint) -> None:
        if checkpoint.step < 2:
            task = learn(steps=checkpoint.step + 2)
            task.watch_output(task.validation.checkpoint, lambda each: found.append(each.step))
            task.submit()

    with enter() as xp:
        task = learn(steps=1)
        task.watch_output(task.validation.checkpoint, go_on)
        task.submit()
    assert found == [0, 1]
    assert len(xp.jobs) == 2


def test_a_callback_that_comes_late_is_told_of_the_same_objects(enter: Enter, learn: Describe) -> None:
    early, late = list[Checkpoint](), list[Checkpoint]()
    with enter() as xp:
        task = learn().submit()
        task.watch_output(task.validation.checkpoint, early.append)
        xp.wait()
        task.watch_output(task.validation.checkpoint, late.append)
    assert [each.step for each in late] == [0, 1, 2]
    assert all(one is other for one, other in zip(early, late, strict=True))


def test_a_plan_that_is_done_is_told_again(enter: Enter, learn: Describe, journal: Journal) -> None:
    found: list[int] = []
    for _ in range(2):
        with enter():
            task = learn()
            task.watch_output(task.validation.checkpoint, lambda each: found.append(each.step))
            task.submit()
    assert found == [0, 1, 2] * 2
    assert journal.numbers("start") == [3]


def test_equal_tasks_are_watched_together(enter: Enter, learn: Describe) -> None:
    found: list[Checkpoint] = []
    with enter():
        for _ in range(2):
            task = learn()
            task.watch_output(task.validation.checkpoint, found.append)
            task.submit()
    assert sorted(each.step for each in found) == [0, 0, 1, 1, 2, 2]


def test_what_is_registered_twice_is_told_twice(enter: Enter, learn: Describe) -> None:
    found: list[int] = []
    with enter():
        task = learn(LearnTwice)
        task.watch_output(task.validation.checkpoint, lambda each: found.append(each.step))
        task.submit()
    assert found == [0, 0]


def test_what_an_interrupted_task_does_again_is_told_once(enter: Enter, learn: Describe, journal: Journal) -> None:
    found: list[int] = []
    with pytest.raises(FailedExperiment, match="SIGKILL"), enter():
        learn(dies_at=2).submit()
    with enter():
        task = learn(dies_at=2)
        task.watch_output(task.validation.checkpoint, lambda each: found.append(each.step))
        task.submit()
    assert journal.numbers("registered") == [0, 1, 0, 1, 2]
    assert found == [0, 1, 2]


def test_a_failed_task_that_is_submitted_again_is_still_watched(
    enter: Enter, learn: Describe, eventually: Eventually
) -> None:
    found: list[int] = []
    with enter():
        task = learn(dies_at=2)
        task.watch_output(task.validation.checkpoint, lambda each: found.append(each.step))
        task.submit()
        assert task.job.wait() is JobState.ERROR
        eventually(lambda: found == [0, 1])
        learn(dies_at=2).submit()
    assert found == [0, 1, 2]


def test_the_outputs_of_a_task_that_fails_are_told(enter: Enter, learn: Describe) -> None:
    found: list[int] = []
    with pytest.raises(FailedExperiment, match="SIGKILL"), enter():
        task = learn(dies_at=2)
        task.watch_output(task.validation.checkpoint, lambda each: found.append(each.step))
        task.submit()
    assert found == [0, 1]


def test_a_killed_driver_is_followed_by_one_that_tells_everything_once(
    drive: Drive, eventually: Eventually, workspace: Path, journal: Journal, gates: Path
) -> None:
    """Killed between two outputs; the task goes on, with another one while there is no driver."""
    driver = drive("watched.py", workspace, journal.path, 4, gates)
    for step in (0, 1):
        (gates / str(step)).touch()
        eventually(lambda step=step: journal.numbers("told") == list(range(step + 1)))
    driver.kill()
    driver.wait()
    (gates / "2").touch()
    eventually(lambda: journal.numbers("registered") == [0, 1, 2])
    again = drive("watched.py", workspace, journal.path, 4, gates)
    eventually(lambda: journal.numbers("told") == [0, 1, 0, 1, 2])
    (gates / "3").touch()
    _, errors = again.communicate(timeout=60)
    assert (again.returncode, errors) == (0, "")
    assert journal.numbers("told") == [0, 1, 0, 1, 2, 3]
    assert sorted(journal.numbers("evaluated")) == [0, 1, 2, 3]
    assert journal.numbers("start") == [4]


@pytest.mark.parametrize("told", range(4))
def test_a_driver_killed_whenever_an_output_is_told_loses_nothing(
    drive: Drive, eventually: Eventually, workspace: Path, journal: Journal, gates: Path, told: int
) -> None:
    for step in range(4):
        (gates / str(step)).touch()
    driver = drive("watched.py", workspace, journal.path, 4, gates)
    eventually(lambda: len(journal.numbers("told")) > told or driver.poll() is not None)
    os.kill(driver.pid, signal.SIGKILL)
    driver.wait()
    before = len(journal.numbers("told"))
    _, errors = drive("watched.py", workspace, journal.path, 4, gates).communicate(timeout=60)
    assert errors == ""
    assert journal.numbers("told")[before:] == [0, 1, 2, 3]
    assert sorted(journal.numbers("evaluated")) == [0, 1, 2, 3]


def test_the_file_is_that_of_release_2_7(enter: Enter, learn: Describe) -> None:
    with enter():
        task = learn(steps=1).submit()
    key = f"{task.validation.__identifier__().hex()}/checkpoint"
    text = (task.jobpath / ".experimaestro/task-outputs.jsonl").read_text()
    assert text == f'{{"key": "{key}", "args": [0], "kwargs": {{"name": "best"}}}}\n'


def test_identifiers_are_those_of_release_2_7(enter: Enter) -> None:
    """Those that it gives for the same program."""
    found: list[str] = []

    def use(checkpoint: Checkpoint) -> None:
        found.append(checkpoint.__identifier__().hex())
        found.append(Evaluate.C(checkpoint=checkpoint, journal=Path("journal")).__identifier__().hex())

    with enter():
        task = Learn.C(validation=Validation.C(size=10), steps=1, journal=Path(os.devnull)).submit()
        task.watch_output(task.validation.checkpoint, use)
    assert found == [
        "f53acd8d273caa471da8bb8bcc5ffbed52dcfda3ee14b58714d0d78810f93e4f",
        "a09d35a687bce9ddb475023e96448c742c45194c6ff6c56e4da6ef913f4cb13f",
    ]


def test_lines_of_no_use_are_said_and_left(enter: Enter, learn: Describe, caplog: pytest.LogCaptureFixture) -> None:
    found: list[int] = []
    with enter():
        task = learn(steps=2).submit()
    outputs = task.jobpath / ".experimaestro/task-outputs.jsonl"
    first, second = outputs.read_text().splitlines()
    outputs.write_text(f"{first}\nnothing\n{second}\n{first[:-5]}")
    with enter():
        task = learn(steps=2)
        task.watch_output(task.validation.checkpoint, lambda each: found.append(each.step))
        task.submit()
    assert found == [0, 1]
    assert f"{outputs}:2: this is no output of a task" in caplog.text


# Failures


def test_a_callback_that_raises_makes_the_experiment_fail(enter: Enter, learn: Describe) -> None:
    found: list[int] = []

    def fail(checkpoint: Checkpoint) -> None:
        found.append(checkpoint.step)
        if checkpoint.step == 1:
            raise ValueError("no such score")

    with pytest.raises(FailedExperiment) as caught, enter():
        task = learn()
        task.watch_output(task.validation.checkpoint, fail)
        task.submit()
    head, _, *lines = str(caught.value).splitlines()
    assert head == "Experiment 'xp' failed: 1 callback failed"
    assert lines[0].startswith("watched.learn/")
    assert lines[0].endswith(
        ": the callback of its dynamic output checkpoint(1, name='best') failed: ValueError: no such score"
    )
    assert lines[1] == "    | Traceback (most recent call last):"
    assert lines[2].startswith(f'    |   File "{__file__}", line ')
    assert found == [0, 1, 2]


def test_a_method_that_raises_makes_the_experiment_fail(enter: Enter, learn: Describe) -> None:
    found: list[Checkpoint] = []
    with pytest.raises(FailedExperiment, match=r"its dynamic output snapshot\('x'\) failed: .*'x'"), enter():
        task = learn(LearnAlone, steps=0).submit()
        task.job.wait()
        line = {"key": f"{task.__identifier__().hex()}/snapshot", "args": ["x"], "kwargs": {}}
        (task.jobpath / ".experimaestro/task-outputs.jsonl").write_text(json.dumps(line) + "\n")
        task.watch_output(task.snapshot, found.append)
    assert found == []


def test_jobs_and_callbacks_that_fail_are_both_told(enter: Enter, learn: Describe) -> None:
    def leave(checkpoint: Checkpoint) -> None:
        raise SystemExit(3)

    message = r"1 job failed, 2 callbacks failed\n\n.*SIGKILL(.|\n)*SystemExit: 3"
    with pytest.raises(FailedExperiment, match=message), enter():
        task = learn(dies_at=2)
        task.watch_output(task.validation.checkpoint, leave)
        task.submit()


def test_what_json_cannot_hold_fails_the_job(enter: Enter, learn: Describe) -> None:
    message = r"register_task_output\(snapshot, ...\): argument 1 is \{1\} \(set\)"
    with pytest.raises(FailedExperiment, match=message), enter():
        learn(LearnOddly).submit()


def test_an_experiment_that_is_left_tells_nothing_more(enter: Enter, learn: Describe, gates: Path) -> None:
    errors: list[Exception] = []
    reached, left, ended = threading.Event(), threading.Event(), threading.Event()

    def submit_late(checkpoint: Checkpoint) -> None:
        reached.set()
        left.wait(20)
        try:
            learn(steps=5).submit()
        except ExperimentStopped as error:
            errors.append(error)
        ended.set()

    with pytest.raises(KeyError), enter():
        task = learn(steps=1)
        task.watch_output(task.validation.checkpoint, submit_late)
        task.submit()
        assert reached.wait(20)
        raise KeyError
    left.set()
    assert ended.wait(20)
    assert len(errors) == 1


def test_a_callback_submits_to_the_experiment_that_calls_it(
    enter: Enter, learn: Describe, journal: Journal, tmp_path: Path
) -> None:
    """Whatever experiment is entered meanwhile."""
    with enter("outer") as outer:
        task = learn(steps=1).submit()
        task.job.wait()
        with experiment(tmp_path / "elsewhere", "inner", project_paths=[]) as inner:
            told = threading.Event()

            def use(checkpoint: Checkpoint) -> None:
                Evaluate.C(checkpoint=checkpoint, journal=journal.path).submit()
                told.set()

            task.watch_output(task.validation.checkpoint, use)
            assert told.wait(20)
    assert len(outer.jobs) == 2
    assert not inner.jobs


# Mistakes


def nothing(_: object) -> None: ...


def test_only_resumable_tasks_are_watched(enter: Enter) -> None:
    task = LearnBriefly.C(validation=Validation.C(size=1))
    with pytest.raises(TypeError, match=r"watched.LearnBriefly \(built at .*is no ResumableTask"):
        task.watch_output(task.validation.checkpoint, nothing)  # type: ignore[attr-defined]  # pyright: ignore  # what is refused


def test_the_method_takes_a_marker(enter: Enter, learn: Describe) -> None:
    task = learn()
    message = (
        r"Validation.forgetful\(step: 'int'\) -> 'Checkpoint' does not take `dep` first: write def forgetful\(self, "
    )
    with pytest.raises(TypeError, match=message):
        task.watch_output(task.validation.forgetful, nothing)  # type: ignore[arg-type]  # pyright: ignore  # what is refused


def test_the_method_is_that_of_a_configuration(learn: Describe) -> None:
    with pytest.raises(TypeError, match=r"found <function nothing .*, expected a method of the task"):
        learn().watch_output(nothing, nothing)


def test_the_callback_is_a_function(learn: Describe) -> None:
    task = learn()
    with pytest.raises(TypeError, match=r"found 3 \(int\) as callback"):
        task.watch_output(task.validation.checkpoint, 3)  # type: ignore[arg-type]  # pyright: ignore  # what is refused


@pytest.mark.parametrize("is_submitted", [False, True])
def test_the_method_is_that_of_a_parameter(enter: Enter, learn: Describe, is_submitted: bool) -> None:
    other = Validation.C(size=99)
    with pytest.raises(ValueError, match=r"this watched.Validation \(built at .*can be a method of: .*Learn"), enter():
        task = learn(steps=0)
        if is_submitted:
            task.submit()
        task.watch_output(other.checkpoint, nothing)
        task.submit()


def test_a_task_is_no_output_of_itself(enter: Enter, learn: Describe) -> None:
    message = r"its dynamic output snapshot\(0\) failed: SubmissionError: dep\(\) marks the configurations that"
    with pytest.raises(FailedExperiment, match=message), enter():
        task = learn(LearnGreedily, steps=1).submit()
        task.watch_output(task.snapshot, nothing)


def test_a_task_of_an_experiment_that_ended_is_not_watched(enter: Enter, learn: Describe) -> None:
    with enter():
        task = learn(steps=0).submit()
    with pytest.raises(ExperimentStopped, match="has ended"):
        task.watch_output(task.validation.checkpoint, nothing)


@pytest.mark.parametrize("run_mode", [RunMode.DRY_RUN, RunMode.GENERATE_ONLY, RunMode.PREPARE])
def test_what_does_not_run_tells_nothing(enter: Enter, learn: Describe, run_mode: RunMode) -> None:
    found: list[object] = []
    with enter(run_mode=run_mode):
        task = learn()
        task.watch_output(task.validation.checkpoint, found.append)
        task.on_completed(lambda: found.append("done"))
        task.submit()
        task.watch_output(task.validation.checkpoint, found.append)
    assert found == []


# The end of a task


@pytest.mark.parametrize("when", ["before", "after", "done"])
def test_the_success_of_a_task_is_told_once(enter: Enter, journal: Journal, when: str) -> None:
    calls: list[str] = []
    task = Step.C(number=1, journal=journal.path)
    if when == "before":
        task.on_completed(lambda: calls.append(when))
    with enter() as xp:
        task.submit()
        if when == "done":
            xp.wait()
        if when != "before":
            task.on_completed(lambda: calls.append(when))
        xp.wait()
        assert calls == [when]
        Step.C(number=1, journal=journal.path).submit()
    assert calls == [when]


def test_the_success_of_a_former_run_is_told(enter: Enter, journal: Journal) -> None:
    calls: list[int] = []
    for number in range(2):
        with enter():
            task = Step.C(number=1, journal=journal.path)
            task.on_completed(lambda number=number: calls.append(number))
            task.submit()
    assert calls == [0, 1]
    assert journal.numbers("start") == [1]


def test_the_failure_of_a_task_is_no_success(enter: Enter, learn: Describe) -> None:
    calls: list[str] = []
    with pytest.raises(FailedExperiment), enter():
        task = learn(dies_at=0)
        task.on_completed(lambda: calls.append("done"))
        task.submit()
    assert calls == []


def test_what_is_called_on_success_may_submit(enter: Enter, journal: Journal) -> None:
    with enter():
        task = Step.C(number=1, journal=journal.path)
        task.on_completed(lambda: Step.C(number=2, journal=journal.path).submit())
        task.submit()
    assert journal.numbers("end") == [1, 2]


@pytest.mark.parametrize("is_done", [False, True])
def test_what_is_raised_on_success_makes_the_experiment_fail(enter: Enter, journal: Journal, is_done: bool) -> None:
    def fail() -> None:
        raise ValueError("no such report")

    message = (
        r"1 callback failed\n\nlab.step/\w+: a callback of on_completed failed: ValueError: no such report\n.*\n.*fail"
    )
    with pytest.raises(FailedExperiment, match=message), enter() as xp:
        task = Step.C(number=1, journal=journal.path).submit()
        if is_done:
            xp.wait()
        task.on_completed(fail)
