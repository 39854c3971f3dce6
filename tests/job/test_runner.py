"""The process of a job: what it runs, what it writes, and when."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from errands import Errand
from learn import Learn
from light import Light

from experimaestro import Task
from experimaestro._files import FileLock
from experimaestro._processes import ProcessIdentity
from experimaestro._types import JobFailureStatus, JobState
from experimaestro.job.runner import is_secondary
from experimaestro.workspace.events import read_progress
from experimaestro.workspace.layout import JobDirectory
from experimaestro.workspace.records import Failure, job_outcome, read_job_status

Generate: TypeAlias = Callable[[Task], JobDirectory]
WriteErrand: TypeAlias = Callable[[str], JobDirectory]
Start: TypeAlias = Callable[..., "subprocess.Popen[str]"]
Eventually: TypeAlias = Callable[[Callable[[], object]], None]

WAIT = """
import time
from pathlib import Path
deadline = time.monotonic() + 30
Path("started").touch()
while not Path("gate").exists() and time.monotonic() < deadline: time.sleep(0.005)
"""
"""Waits for a file, no longer than the patience of the tests."""


def failure(directory: JobDirectory) -> dict[str, Any]:
    record: dict[str, Any] = json.loads(directory.failed.read_text())
    return record


def test_a_task_runs_in_its_directory_and_is_done(errand: WriteErrand, start: Start) -> None:
    directory = errand("import os; print(os.getcwd())")
    process = start(directory)
    assert process.communicate(timeout=30) == (f"{directory.path}\n", "")
    assert process.returncode == 0
    assert job_outcome(directory) is JobState.DONE
    assert not directory.pid.exists()


def test_it_is_done_when_nothing_remains_to_be_done(errand: WriteErrand, start: Start) -> None:
    """The status comes before, and the threads of the task, with those that they start."""
    directory = errand("""
import os, threading
def look(name): open(name, "w").write(str(os.path.exists("errand.done")))
def later(): threading.Timer(0.05, look, ["second"]).start(); look("first")
threading.Timer(0.05, later).start()
""")
    assert start(directory).wait(30) == 0
    assert [(directory.path / name).read_text() for name in ("first", "second")] == ["False", "False"]
    assert directory.done.stat().st_mtime_ns >= directory.status.stat().st_mtime_ns


def test_leaving_with_code_0_waits_for_the_threads_too(errand: WriteErrand, start: Start) -> None:
    directory = errand("""
import os, sys, threading
threading.Timer(0.05, lambda: open("seen", "w").write(str(os.path.exists("errand.done")))).start()
sys.exit(0)
""")
    assert start(directory).wait(30) == 0
    assert (directory.path / "seen").read_text() == "False"


def test_daemon_threads_are_not_waited_for(errand: WriteErrand, start: Start) -> None:
    directory = errand("import threading, time; threading.Thread(target=time.sleep, args=[99], daemon=True).start()")
    assert start(directory).wait(30) == 0


@pytest.mark.parametrize(
    ("code", "expected", "message"),
    [
        ("import sys; sys.exit(3)", 3, "the task called sys.exit(3)"),
        ("import sys; sys.exit(-1)", -1, "the task called sys.exit(-1)"),
        ("import sys; sys.exit('out of luck')", 1, "out of luck"),
        ("raise ValueError('no')", 1, "ValueError: no"),
    ],
)
def test_a_failure_is_recorded_with_its_code(
    errand: WriteErrand, start: Start, code: str, expected: int, message: str
) -> None:
    directory = errand(code)
    assert start(directory).wait(30) == (expected if expected > 0 else 1)
    assert failure(directory) == {"code": expected, "reason": "failed", "message": message}
    assert not directory.pid.exists()


def test_an_exception_leaves_its_traceback_in_the_log(errand: WriteErrand, start: Start) -> None:
    _, errors = start(errand("1 / 0")).communicate(timeout=30)
    assert errors.startswith("Traceback")
    assert errors.endswith("ZeroDivisionError: division by zero\n")


def test_calling_sys_exit_when_the_module_is_imported_is_a_failure(
    generate: Generate, start: Start, tmp_path: Path
) -> None:
    """A script without `if __name__ == "__main__"` must not pass for a task that succeeded."""
    directory = generate(Errand.C(code="pass"))
    (directory.path / "before").mkdir()
    (directory.path / "before" / "errands.py").write_text("import sys; sys.exit(0)")
    text = directory.params.read_text()
    origin = json.dumps(str(Path(__file__).parent / "programs" / "errands.py"))
    assert origin in text
    directory.params.write_text(text.replace(origin, json.dumps(str(directory.path / "before" / "errands.py"))))
    assert start(directory).wait(30) == 1
    assert failure(directory)["message"] == "sys.exit was called before the task began"


def test_a_module_that_is_gone_is_named(errand: WriteErrand, start: Start) -> None:
    directory = errand("pass")
    text = directory.params.read_text().replace("errands", "vanished")
    directory.params.write_text(text)
    assert start(directory).wait(30) == 1
    assert "no module named 'vanished'" in failure(directory)["message"]


def test_a_job_that_is_done_is_not_run_again(errand: WriteErrand, start: Start) -> None:
    directory = errand("print('again')")
    directory.done.touch()
    assert start(directory).communicate(timeout=30) == ("", "")


def test_two_processes_of_one_job_run_it_once(errand: WriteErrand, start: Start, eventually: Eventually) -> None:
    directory = errand("open('runs', 'a').write('run ')" + WAIT)
    processes = [start(directory) for _ in range(2)]
    eventually((directory.path / "started").exists)
    (directory.path / "gate").touch()
    assert [process.wait(30) for process in processes] == [0, 0]
    assert (directory.path / "runs").read_text() == "run "


def test_the_lock_of_the_driver_is_inherited_until_the_end(
    errand: WriteErrand, start: Start, eventually: Eventually
) -> None:
    directory = errand(WAIT)
    lock = FileLock(directory.lock)
    lock.acquire(blocking=True)
    process = start(directory, {"XPM_LOCK_FD": str(lock.fileno())}, pass_fds=[lock.fileno()])
    lock.release()
    eventually((directory.path / "started").exists)
    assert not FileLock(directory.lock).acquire(blocking=False)
    (directory.path / "gate").touch()
    assert process.wait(30) == 0
    assert lock.acquire(blocking=False)
    lock.release()


def test_what_a_task_starts_does_not_hold_the_lock(errand: WriteErrand, start: Start, eventually: Eventually) -> None:
    """Neither a program nor a fork, as workers of `multiprocessing` are: they may outlive a job that was killed."""
    directory = errand("""
import os, subprocess, time
program = subprocess.Popen(["sleep", "30"])
fork = os.fork()
if fork == 0:
    open("forked", "w").close()
    time.sleep(30)
    os._exit(0)
open("children.tmp", "w").write(f"{program.pid} {fork}")
os.rename("children.tmp", "children")
time.sleep(30)
""")
    process = start(directory)
    eventually(lambda: (directory.path / "children").exists() and (directory.path / "forked").exists())
    process.kill()
    process.wait(30)
    try:
        lock = FileLock(directory.lock)
        assert lock.acquire(blocking=False)
        lock.release()
    finally:
        for pid in (directory.path / "children").read_text().split():
            os.kill(int(pid), signal.SIGKILL)


def test_it_tells_who_runs_it(errand: WriteErrand, start: Start, eventually: Eventually) -> None:
    directory = errand(WAIT)
    process = start(directory)
    eventually((directory.path / "started").exists)
    assert json.loads(directory.pid.read_text()) == ProcessIdentity.of(process.pid).to_record()
    status = read_job_status(directory)
    assert status is not None
    assert (status.state, status.ended_time, status.exit_code) == (JobState.RUNNING, None, None)
    (directory.path / "gate").touch()
    process.wait(30)


@pytest.mark.parametrize(
    ("code", "state", "reason", "exit_code"),
    [
        ("pass", JobState.DONE, None, 0),
        ("raise SystemExit(3)", JobState.ERROR, JobFailureStatus.FAILED, 3),
        (
            "from experimaestro import GracefulTimeout; raise GracefulTimeout()",
            JobState.ERROR,
            JobFailureStatus.TIMEOUT,
            1,
        ),
    ],
)
def test_its_status_tells_how_it_ended(
    errand: WriteErrand,
    start: Start,
    code: str,
    state: JobState,
    reason: JobFailureStatus | None,
    exit_code: int,
) -> None:
    directory = errand(code)
    start(directory).wait(30)
    status = read_job_status(directory)
    assert status is not None
    assert (status.state, status.failure_reason, status.exit_code, status.process) == (state, reason, exit_code, None)
    assert status.started_time is not None
    assert status.ended_time is not None
    assert status.started_time <= status.ended_time


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_raises_in_the_task(
    errand: WriteErrand, start: Start, eventually: Eventually, number: signal.Signals
) -> None:
    directory = errand(f"""
from experimaestro import TaskCancelled
try:
{"".join(f"    {line}" + chr(10) for line in WAIT.strip().splitlines())}
except TaskCancelled as cancelled:
    print(cancelled.message, cancelled.remaining_time)
    raise
""")
    process = start(directory)
    eventually((directory.path / "started").exists)
    process.send_signal(number)
    output, _ = process.communicate(timeout=30)
    assert output == "Task cancelled None\n"
    assert process.returncode == number
    assert failure(directory) == {"code": number, "reason": "cancelled", "message": f"cancelled by {number.name}"}


def test_a_task_that_hides_its_cancellation_is_cancelled(
    errand: WriteErrand, start: Start, eventually: Eventually
) -> None:
    body = "".join(f"    {line}\n" for line in WAIT.strip().splitlines())
    directory = errand(f"try:\n{body}except Exception: pass\nopen('cleaned', 'w').close()")
    process = start(directory)
    eventually((directory.path / "started").exists)
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == signal.SIGTERM
    assert (directory.path / "cleaned").exists()
    outcome = job_outcome(directory)
    assert isinstance(outcome, Failure)
    assert outcome.status is JobFailureStatus.CANCELLED


def test_signals_end_the_workers_of_a_task_without_a_word(errand: WriteErrand, start: Start) -> None:
    """A pool of `multiprocessing` ends its workers with SIGTERM."""
    directory = errand("""
import multiprocessing
with multiprocessing.get_context("fork").Pool(2) as pool:
    print(sum(pool.map(abs, [-1, -2])))
""")
    assert start(directory).communicate(timeout=30) == ("3\n", "")


def test_a_signal_ends_a_child_that_has_just_been_forked(errand: WriteErrand, start: Start) -> None:
    directory = errand("""
import os, signal
for _ in range(50):
    child = os.fork()
    if child == 0:
        signal.pause()
        os._exit(0)
    os.kill(child, signal.SIGTERM)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGTERM
print("ended")
""")
    assert start(directory).communicate(timeout=30) == ("ended\n", "")


@pytest.mark.parametrize("variable", ["SLURM_PROCID", "RANK", "LOCAL_RANK"])
def test_a_secondary_process_works_and_writes_nothing(errand: WriteErrand, start: Start, variable: str) -> None:
    directory = errand("""
from experimaestro import progress
from experimaestro.taskglobals import Env
progress(0.5)
print(Env.instance().slave)
""")
    before = sorted(directory.path.rglob("*"))
    assert start(directory, {variable: "1"}).communicate(timeout=30) == ("True\n", "")
    assert sorted(directory.path.rglob("*")) == before


def test_a_secondary_process_does_not_wait_for_the_first(errand: WriteErrand, start: Start) -> None:
    directory = errand("print('working')")
    with FileLock(directory.lock):
        assert start(directory, {"RANK": "1"}).communicate(timeout=30) == ("working\n", "")


def test_rank_0_is_the_process_that_records() -> None:
    assert not is_secondary({"RANK": "0", "LOCAL_RANK": ""})
    assert is_secondary({"RANK": "0", "LOCAL_RANK": "1"})


def test_the_directory_of_the_script_hides_no_module(generate: Generate, start: Start) -> None:
    directory = generate(Learn.C(number=1))
    assert directory.script.name == "learn.py"
    assert start(directory).communicate(timeout=30) == ("learnt 1\n", "")


HEAVY = {
    "asyncio",
    "attr",
    "cattrs",
    "click",
    "concurrent.futures",
    "experimaestro.scheduler.session",
    "git",
    "hashlib",
    "logging.handlers",
    "psutil",
    "rich",
    "sqlite3",
    "subprocess",
    "typing_extensions",
    "yaml",
}


def test_a_job_loads_nothing_that_only_plans_need(generate: Generate, start: Start) -> None:
    """Even when the module of its task imports what plans need."""
    directory = generate(Light.C(number=1))
    assert start(directory).wait(30) == 0
    loaded = set((directory.path / "modules.txt").read_text().splitlines())
    assert "light" in loaded
    assert not HEAVY & loaded


def test_progress_can_be_read_while_and_after(errand: WriteErrand, start: Start, eventually: Eventually) -> None:
    directory = errand(
        f"""
from experimaestro import progress, tqdm
progress(0.25, desc="reading")
progress(0.5, level=1, desc="file 3")
{WAIT}
for _ in tqdm(range(4), desc="learning"): pass
"""
    )
    process = start(directory)
    eventually((directory.path / "started").exists)
    assert read_progress(directory) == [(0, 0.25, "reading"), (1, 0.5, "file 3")]
    (directory.path / "gate").touch()
    assert process.communicate(timeout=30) == ("", "")
    [bar] = read_progress(directory)
    assert (bar.level, bar.progress) == (0, 1.0)
    assert (bar.desc or "").startswith("learning")


def test_the_script_runs_from_anywhere(errand: WriteErrand, start: Start, tmp_path: Path) -> None:
    directory = errand("import os; print(os.getcwd())")
    assert start(directory, cwd=tmp_path).communicate(timeout=30)[0] == f"{directory.path}\n"
