"""Whatever is killed, and whenever: no work is lost, and no job runs twice at once."""

# ruff: noqa: PT012  # leaving the block of an experiment is what raises

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest
from lab import Faulty, Journal, Step

from experimaestro import FailedExperiment, RunMode, experiment
from experimaestro._files import FileLock
from experimaestro._processes import ProcessIdentity
from experimaestro._types import JobState
from experimaestro.scheduler.job import Job
from experimaestro.workspace.tokens import CounterTokenDirectory, holder_name
from tests.experiment.conftest import Drive, Enter, Eventually

NUMBERS = [0, 1, 10, 11, 20, 21]
"""The tasks of `chain.py`."""


def check_that_each_ran_once(journal: Journal, workspace: Path) -> None:
    assert sorted(journal.numbers("end")) == NUMBERS
    assert sorted(journal.numbers("start")) == NUMBERS
    assert len(list(workspace.glob("jobs/lab.step/*/step.done"))) == len(NUMBERS)
    assert not list(workspace.glob("jobs/lab.step/*/*.failed"))
    assert not list(workspace.glob("jobs/lab.step/*/*.pid"))


def end_after(driver: subprocess.Popen[str], delay: float) -> None:
    """Kills a driver, unless it has ended by then."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        driver.wait(delay)
    driver.kill()
    driver.wait()


def finish(drive: Drive, workspace: Path, journal: Journal) -> None:
    driver = drive("chain.py", workspace, journal.path, "xp")
    _, errors = driver.communicate(timeout=60)
    assert (driver.returncode, errors) == (0, "")


@pytest.mark.parametrize("delay", [0.1, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5])
def test_a_driver_killed_at_any_moment_loses_nothing(
    drive: Drive, workspace: Path, journal: Journal, delay: float
) -> None:
    """A chain takes half a second, start-up included."""
    driver = drive("chain.py", workspace, journal.path, "xp")
    end_after(driver, delay)
    finish(drive, workspace, journal)
    check_that_each_ran_once(journal, workspace)


SIGNS = [
    "experiments/xp/lock",
    "experiments/xp/*/status.json",
    "experiments/xp/*/jobs.jsonl",
    "jobs/lab.step/*/step.lock",
    "jobs/lab.step/*/params.json",
    "jobs/lab.step/*/step.py",
    "jobs/lab.step/*/step.out",
    "jobs/lab.step/*/step.pid",
    "jobs/lab.step/*/step.done",
]


@pytest.mark.parametrize("sign", SIGNS)
def test_a_driver_killed_when_a_file_appears_loses_nothing(
    drive: Drive, eventually: Eventually, workspace: Path, journal: Journal, sign: str
) -> None:
    driver = drive("chain.py", workspace, journal.path, "xp")
    eventually(lambda: next(workspace.glob(sign), None) or driver.poll() is not None)
    driver.kill()
    driver.wait()
    finish(drive, workspace, journal)
    check_that_each_ran_once(journal, workspace)


def test_a_driver_killed_again_and_again_comes_to_the_end(drive: Drive, workspace: Path, journal: Journal) -> None:
    draw = random.Random(7)
    for _ in range(8):
        driver = drive("chain.py", workspace, journal.path, "xp")
        end_after(driver, draw.uniform(0.12, 0.3))
    finish(drive, workspace, journal)
    check_that_each_ran_once(journal, workspace)


def test_two_drivers_of_the_same_plan_run_each_job_once(drive: Drive, workspace: Path, journal: Journal) -> None:
    drivers = [drive("chain.py", workspace, journal.path, name, "tokens") for name in ("one", "two")]
    assert [driver.wait(60) for driver in drivers] == [0, 0]
    check_that_each_ran_once(journal, workspace)


def test_a_driver_takes_over_when_another_is_killed(
    drive: Drive, eventually: Eventually, workspace: Path, journal: Journal
) -> None:
    first = drive("chain.py", workspace, journal.path, "one")
    second = drive("chain.py", workspace, journal.path, "two")
    eventually(lambda: journal.numbers("end"))
    first.kill()
    _, errors = second.communicate(timeout=60)
    assert (second.returncode, errors) == (0, "")
    check_that_each_ran_once(journal, workspace)


def test_the_units_that_a_killed_driver_held_are_given_back(
    drive: Drive, eventually: Eventually, enter: Enter, workspace: Path, journal: Journal
) -> None:
    """Those of a job that ended meanwhile, and those of one that went on."""
    gates = [journal.path.with_name(f"gate{number}") for number in (0, 1)]
    driver = drive("held.py", workspace, journal.path, *gates)
    eventually(lambda: len(journal.numbers("start")) == 2)
    driver.kill()
    driver.wait()
    gates[0].touch()
    eventually(lambda: list(workspace.glob("jobs/*/*/step.done")))
    with enter() as xp:
        token = xp.token("unit", 2)
        assert token.available == 0
        for number, gate in enumerate(gates):
            token(1, Step.C(number=number, journal=journal.path, gate=gate)).submit()
        eventually(lambda: token.available == 1)
        gates[1].touch()
        eventually(lambda: token.available == 2)
    assert len(journal.numbers("start")) == 2


def test_a_driver_killed_before_it_started_a_job_with_a_token_leaves_both_to_another(
    drive: Drive, eventually: Eventually, enter: Enter, workspace: Path, journal: Journal
) -> None:
    held, gate = journal.path.with_name("held"), journal.path.with_name("gate")
    driver = drive("dying.py", workspace, journal.path, held, gate)
    eventually(held.exists)
    with enter() as xp:
        token = xp.token("unit", 1)
        token(1, Step.C(number=1, journal=journal.path)).submit()
        [job] = xp.jobs.values()
        eventually(lambda: job.state is JobState.RUNNING)
        gate.touch()
        assert driver.wait(30) == -signal.SIGKILL
    assert journal.lines() == [("start", 1), ("end", 1)]
    assert token.available == 1


def test_a_job_left_by_a_killed_driver_waits_for_its_token(
    enter: Enter, eventually: Eventually, journal: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The driver is played by the lock of the job; another job has had the token since."""
    answers: list[bool] = []
    acquire = CounterTokenDirectory.try_acquire

    def listened(self: CounterTokenDirectory, *arguments: Any) -> bool:  # Any: those of `try_acquire`
        answers.append(acquire(self, *arguments))
        return answers[-1]

    monkeypatch.setattr(CounterTokenDirectory, "try_acquire", listened)
    with enter(run_mode=RunMode.GENERATE_ONLY):
        directory = Step.C(number=1, journal=journal.path).submit().job.path
    lock = FileLock(directory / "step.lock")
    lock.acquire(blocking=True)
    with enter() as xp:
        token = xp.token("unit", 1)
        token(1, Step.C(number=1, journal=journal.path)).submit()
        [job] = xp.jobs.values()
        eventually(lambda: job.state is JobState.RUNNING)
        token.directory.release(holder_name(job.task_id, job.identifier))
        assert token.directory.try_acquire(
            "other.json", 1, str(tmp_path / "job"), ProcessIdentity.current().to_record()
        )
        lock.release()
        eventually(lambda: answers[-1] is False)
        assert journal.lines() == []
        token.directory.release("other.json")
    assert journal.lines() == [("start", 1), ("end", 1)]
    assert token.available == 1


def test_a_job_that_ends_while_no_driver_runs_is_found_done(
    drive: Drive, eventually: Eventually, enter: Enter, workspace: Path, journal: Journal
) -> None:
    gate = journal.path.with_name("gate")
    driver = drive("driver.py", workspace, journal.path, gate)
    eventually(lambda: journal.numbers("start"))
    driver.kill()
    gate.touch()
    eventually(lambda: list(workspace.glob("jobs/*/*/step.done")))
    with enter() as xp:
        Step.C(number=1, journal=journal.path).submit()
        [job] = xp.jobs.values()
        assert job.wait() is JobState.DONE
    assert journal.lines() == [("start", 1), ("end", 1)]


def test_a_job_killed_while_no_driver_runs_is_run_again(
    drive: Drive, eventually: Eventually, enter: Enter, workspace: Path, journal: Journal
) -> None:
    gate = journal.path.with_name("gate")
    driver = drive("driver.py", workspace, journal.path, gate)
    eventually(lambda: journal.numbers("start"))
    driver.kill()
    [pid] = workspace.glob("jobs/*/*/step.pid")
    os.kill(json.loads(pid.read_text())["pid"], signal.SIGKILL)
    with enter():
        Step.C(number=1, journal=journal.path).submit()
    assert journal.lines() == [("start", 1), ("start", 1), ("end", 1)]


def test_a_job_found_running_that_is_killed_is_said_so(
    drive: Drive, eventually: Eventually, enter: Enter, workspace: Path, journal: Journal
) -> None:
    """Its exit code is for its parent, which is dead: nothing tells the signal."""
    driver = drive("driver.py", workspace, journal.path, journal.path.with_name("gate"))
    eventually(lambda: journal.numbers("start"))
    driver.kill()
    driver.wait()
    with pytest.raises(FailedExperiment, match="its process ended without recording how"), enter() as xp:
        Step.C(number=1, journal=journal.path).submit()
        [job] = xp.jobs.values()
        eventually(lambda: job.state is JobState.RUNNING)
        os.kill(json.loads(job.pidpath.read_text())["pid"], signal.SIGKILL)


def test_a_killed_job_fails_its_experiment_and_is_redone_by_the_next(
    enter: Enter, eventually: Eventually, journal: Journal
) -> None:
    gate = journal.path.with_name("gate")

    def plan(xp: experiment) -> Job:
        first = Step.C(number=1, journal=journal.path, gate=gate).submit()
        Step.C(number=2, journal=journal.path, needs=[first]).submit()
        Step.C(number=3, journal=journal.path).submit()
        return next(iter(xp.jobs.values()))

    message = r"1 job failed, 1 job not run .*\n\nlab\.step/\w+: killed by SIGKILL"
    with pytest.raises(FailedExperiment, match=message), enter() as xp:
        job = plan(xp)
        eventually(lambda: {1, 3} <= set(journal.numbers("start")))
        os.kill(json.loads(job.pidpath.read_text())["pid"], signal.SIGKILL)
    gate.touch()
    journal.path.unlink()
    with enter() as xp:
        plan(xp)
    assert journal.lines() == [("start", 1), ("end", 1), ("start", 2), ("end", 2)]


def test_a_pid_that_another_process_has_now_is_not_waited_for(enter: Enter, journal: Journal) -> None:
    """Release 2.7 waited for the end of that process."""
    with enter(run_mode=RunMode.GENERATE_ONLY):
        directory = Step.C(number=1, journal=journal.path).submit().job.path
    host = os.uname().nodename
    for record in ({"start": "long ago"}, {}):
        (directory / "step.pid").write_text(json.dumps({"type": "local", "pid": os.getpid(), "host": host, **record}))
        with enter():
            Step.C(number=1, journal=journal.path).submit()
        assert journal.numbers("end") == [1]


def test_a_process_of_another_host_is_waited_for_as_long_as_it_may_live(
    enter: Enter, eventually: Eventually, journal: Journal, caplog: pytest.LogCaptureFixture
) -> None:
    with enter(run_mode=RunMode.GENERATE_ONLY):
        directory = Step.C(number=1, journal=journal.path).submit().job.path
    pid = directory / "step.pid"
    pid.write_text(json.dumps({"type": "local", "pid": 1, "host": "elsewhere"}))
    with enter():
        Step.C(number=1, journal=journal.path).submit()
        eventually(
            lambda: (
                f"runs on elsewhere (process 1): waiting for it; if that process is dead, remove {pid}" in caplog.text
            )
        )
        pid.unlink()
    assert journal.numbers("end") == [1]


def test_a_driver_killed_before_it_started_the_job_leaves_it_to_another(
    enter: Enter, eventually: Eventually, journal: Journal
) -> None:
    """The other driver is played by a lock, which goes when it dies."""
    with enter(run_mode=RunMode.GENERATE_ONLY):
        directory = Step.C(number=1, journal=journal.path).submit().job.path
    lock = FileLock(directory / "step.lock")
    lock.acquire(blocking=True)
    with enter() as xp:
        Step.C(number=1, journal=journal.path).submit()
        [job] = xp.jobs.values()
        eventually(lambda: job.state is JobState.RUNNING)
        assert journal.lines() == []
        lock.release()
    assert journal.lines() == [("start", 1), ("end", 1)]


@pytest.mark.parametrize("content", ["", "{", "null", '{"type": "local"'])
def test_a_pid_file_cut_short_is_no_obstacle(enter: Enter, journal: Journal, content: str) -> None:
    with enter(run_mode=RunMode.GENERATE_ONLY):
        directory = Step.C(number=1, journal=journal.path).submit().job.path
    (directory / "step.pid").write_text(content)
    with enter():
        Step.C(number=1, journal=journal.path).submit()
    assert journal.numbers("end") == [1]


def test_files_of_a_former_attempt_do_not_confuse_the_next(enter: Enter, journal: Journal, tmp_path: Path) -> None:
    with pytest.raises(FailedExperiment), enter() as xp:
        Faulty.C(number=1, journal=journal.path, mended=tmp_path / "mended").submit()
    [job] = xp.jobs.values()
    (tmp_path / "mended").touch()
    with enter():
        Faulty.C(number=1, journal=journal.path, mended=tmp_path / "mended").submit()
    assert job.donepath.exists()
    assert not job.failedpath.exists()


def test_the_end_of_a_driver_does_not_end_its_jobs(
    drive: Drive, eventually: Eventually, workspace: Path, journal: Journal
) -> None:
    """Ctrl+C in a terminal is sent to a whole group: jobs have their own."""
    gate = journal.path.with_name("gate")
    driver = drive("driver.py", workspace, journal.path, gate, start_new_session=True)
    eventually(lambda: journal.numbers("start"))
    os.killpg(driver.pid, signal.SIGINT)
    driver.wait(30)
    gate.touch()
    eventually(lambda: journal.numbers("end"))
