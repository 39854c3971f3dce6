"""Tokens shared between processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experimaestro._files import FileLock
from experimaestro._processes import ProcessIdentity
from experimaestro._types import JobFailureStatus, JobId, TaskId
from experimaestro.workspace import records
from experimaestro.workspace.layout import JobDirectory
from experimaestro.workspace.records import Failure
from experimaestro.workspace.tokens import (
    CounterTokenDirectory,
    Holder,
    InvalidTokenCountError,
    TokenTooSmallError,
    UnreadableTokenError,
    holder_name,
)

CURRENT = ProcessIdentity.current()
ENDED = CURRENT._replace(start="another boot:12")
ELSEWHERE = CURRENT._replace(host="elsewhere")


class Clock:
    """Tells the time at which the files were written, and later if asked to."""

    now = 0.0
    later = 0.0

    def __call__(self) -> float:
        return self.now + self.later


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def token(tmp_path: Path, clock: Clock) -> CounterTokenDirectory:
    token = CounterTokenDirectory(tmp_path / "tokens" / "gpu.counter", clock=clock)
    token.set_total(2)
    clock.now = (token.path / "informations.json").stat().st_mtime
    return token


def take(token: CounterTokenDirectory, holder: str, count: int = 1, process: ProcessIdentity | None = CURRENT) -> bool:
    record = None if process is None else process.to_record()
    return token.try_acquire(f"{holder}.json", count, f"/ws/jobs/tasks.a/{holder}/a", record)


def test_units_are_counted(token: CounterTokenDirectory) -> None:
    assert take(token, "first")
    assert token.available() == 1
    assert not take(token, "second", 2)
    assert take(token, "second")
    assert (token.total(), token.available()) == (2, 0)
    token.release("first.json")
    assert token.available() == 1


def test_release_of_what_is_not_held_does_nothing(token: CounterTokenDirectory) -> None:
    token.release("first.json")
    assert token.available() == 2


def test_who_asks_again_holds_once(token: CounterTokenDirectory) -> None:
    assert take(token, "first", 2)
    assert take(token, "first", 2)
    assert token.available() == 0


def test_files_are_those_of_release_2_7(token: CounterTokenDirectory) -> None:
    uri = "/ws/jobs/tasks.a/1/a"
    token.try_acquire("tasks.a@1.json", 1, uri, {"type": "local", "pid": 12})
    assert (token.path / "informations.json").read_text() == '{"total":2}'
    assert json.loads((token.path / "jobs/tasks.a@1.json").read_text()) == {
        "job_uri": uri,
        "information": {"count": 1},
        "process": {"type": "local", "pid": 12},
    }
    assert (token.path / "ipc.lock").exists()


def test_total_may_change_below_what_is_held(token: CounterTokenDirectory) -> None:
    take(token, "first", 2)
    token.set_total(1)
    assert (token.total(), token.available()) == (1, 0)
    assert not take(token, "second")


def test_more_than_the_total_is_refused(token: CounterTokenDirectory) -> None:
    with pytest.raises(TokenTooSmallError, match="token 'gpu' has 2 units in all: 3 cannot be had") as error:
        take(token, "first", 3)
    assert (error.value.name, error.value.total, error.value.wanted) == ("gpu", 2, 3)


def test_numbers_that_make_no_sense_are_refused(token: CounterTokenDirectory) -> None:
    with pytest.raises(InvalidTokenCountError, match=r"token 'gpu': 0 units \(expected 1 or more\)"):
        token.check(0)
    with pytest.raises(InvalidTokenCountError, match=r"token 'gpu': -1 units \(expected 0 or more\)"):
        token.set_total(-1)


@pytest.mark.parametrize("content", [None, "", '{"total": "2"}'])
def test_token_without_total_is_an_error(token: CounterTokenDirectory, content: str | None) -> None:
    informations = token.path / "informations.json"
    informations.unlink() if content is None else informations.write_text(content)
    with pytest.raises(UnreadableTokenError, match=r'informations\.json: expected a JSON object {"total": N}'):
        token.available()


@pytest.mark.parametrize(
    ("process", "age", "reclaimed"),
    [
        (ENDED, 31, True),
        (ENDED, 0, True),
        (None, 31, True),
        (None, 29, False),
        (CURRENT, 1e6, False),
        (ELSEWHERE, 1e6, False),
    ],
)
def test_units_of_the_dead_are_reclaimed(
    token: CounterTokenDirectory, clock: Clock, process: ProcessIdentity | None, age: float, reclaimed: bool
) -> None:
    take(token, "dead", 2, process)
    clock.later = age
    assert take(token, "living") is reclaimed


def test_units_of_a_dead_driver_stay_held_while_the_lock_of_the_job_is(
    token: CounterTokenDirectory, job: JobDirectory
) -> None:
    token.try_acquire("job.json", 2, str(job.path / job.name), ENDED.to_record())

    with FileLock(job.lock):
        assert not take(token, "living")

    assert take(token, "living")


def test_job_without_process_record_is_known_by_its_own(
    token: CounterTokenDirectory, clock: Clock, job: JobDirectory
) -> None:
    uri = str(job.path / job.name)
    records.write_process(job, CURRENT.to_record())
    token.try_acquire("job.json", 2, uri, None)
    clock.later = 1e6
    assert not take(token, "other")
    records.write_process(job, ENDED.to_record())
    assert take(token, "other")


def test_job_of_another_host_that_ended_is_reclaimed(
    token: CounterTokenDirectory, clock: Clock, job: JobDirectory
) -> None:
    token.try_acquire("job.json", 2, str(job.path / job.name), ELSEWHERE.to_record())
    records.write_failure(job, Failure(JobFailureStatus.FAILED, 1))
    clock.later = 31
    assert take(token, "other")


def test_process_is_recorded_once_known(token: CounterTokenDirectory, clock: Clock) -> None:
    take(token, "first", 2, process=None)
    token.record("first.json", Holder(2, "/ws/jobs/tasks.a/first/a", CURRENT.to_record()))
    clock.later = 1e6
    assert not take(token, "second")


def test_record_being_written_blocks_the_token_until_it_is_old(token: CounterTokenDirectory, clock: Clock) -> None:
    (token.path / "jobs" / "half.json").write_text('{"job_uri": "/ws/jo')
    assert (token.available(), take(token, "first")) == (0, False)
    clock.later = 31
    assert take(token, "first")


def test_temporary_files_hold_nothing(token: CounterTokenDirectory) -> None:
    (token.path / "jobs" / "first.json.12.tmp").write_text("{}")
    assert token.available() == 2


def test_token_created_by_release_2_7_has_no_directory_of_holders_yet(token: CounterTokenDirectory) -> None:
    (token.path / "jobs").rmdir()
    assert take(token, "first")


def test_units_are_taken_under_the_lock_that_release_2_7_takes(tmp_path: Path) -> None:
    held: list[bool] = []

    def clock() -> float:  # asked in the midst of it
        held.append(not FileLock(tmp_path / "ipc.lock").acquire(blocking=False))
        return 0.0

    token = CounterTokenDirectory(tmp_path, clock=clock)
    token.set_total(1)
    assert take(token, "first")
    assert held == [True]


TAKER = """
import sys
from pathlib import Path
from experimaestro._files import FileLock
from experimaestro._processes import ProcessIdentity
from experimaestro.workspace.tokens import CounterTokenDirectory
token = CounterTokenDirectory(Path(sys.argv[1]))
record = ProcessIdentity.current().to_record()
print("ready", flush=True)
sys.stdin.readline()
print(sum(token.try_acquire(f"{sys.argv[2]}-{n}.json", 1, "/ws/jobs/a/1/a", record) for n in range(50)), flush=True)
sys.stdin.read()
"""


def test_processes_never_take_more_than_there_is(token: CounterTokenDirectory) -> None:
    token.set_total(60)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-c", TAKER, str(token.path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "bufsize": 1, "env": environment}
    with ExitStack() as stack:  # at its end each loses its input, and ends
        takers = [stack.enter_context(subprocess.Popen([*command, name], **pipes)) for name in ("a", "b")]
        for taker in takers:
            assert taker.stdout.readline() == "ready\n"
        for taker in takers:
            taker.stdin.write("go\n")
        assert sum(int(taker.stdout.readline()) for taker in takers) == 60
        assert token.available() == 0


def test_holder_is_named_after_its_job() -> None:
    assert holder_name(TaskId("tasks.a"), JobId("ab" * 32)) == f"tasks.a@{'ab' * 32}.json"


@given(st.integers(1, 400))
def test_name_of_a_holder_is_one_of_a_file_and_keeps_the_job(length: int) -> None:
    name = holder_name(TaskId("t" * length), JobId("ab" * 32))
    assert len(name) <= 255
    assert name.endswith(f"@{'ab' * 32}.json")
