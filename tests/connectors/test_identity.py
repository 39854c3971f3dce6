"""A process is known by its pid, its start time and its host."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from experimaestro import _processes
from experimaestro._processes import Alive, ProcessIdentity, is_alive

CURRENT = ProcessIdentity.current()
ENDED_PID = 2**22 + 1  # above the greatest pid of Linux


def test_current_process_is_alive() -> None:
    assert is_alive(CURRENT, marker="/unused") is Alive.YES


def test_pid_taken_by_a_later_process_is_not_alive() -> None:
    assert is_alive(CURRENT._replace(start="another boot:12"), marker="/unused") is Alive.NO


def test_pid_of_nobody_is_not_alive() -> None:
    assert is_alive(CURRENT._replace(pid=ENDED_PID), marker="/unused") is Alive.NO


def test_process_of_another_host_cannot_be_told() -> None:
    assert is_alive(CURRENT._replace(host="elsewhere"), marker="/unused") is Alive.ELSEWHERE


def test_process_hidden_from_us_cannot_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(pid: int) -> None:
        raise PermissionError(pid)

    monkeypatch.setattr(_processes, "_observe", refuse)
    assert is_alive(CURRENT, marker="/unused") is Alive.ELSEWHERE


@pytest.mark.parametrize(("marker", "alive"), [("/ws/jobs/a/1", Alive.YES), ("/ws/jobs/a/2", Alive.NO)])
def test_process_without_start_time_is_known_by_its_command_line(marker: str, alive: Alive) -> None:
    program = "import sys; print('ready', flush=True); sys.stdin.read()"
    command = [sys.executable, "-ISc", program, "/ws/jobs/a/1/a.py"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()  # right after `exec` the command line is still empty
        identity = ProcessIdentity.of(process.pid)._replace(start=None)
        assert is_alive(identity, marker=marker) is alive
        process.communicate()


def test_process_that_waits_for_its_parent_to_see_its_end_is_not_alive() -> None:
    with subprocess.Popen(["true"]) as process:
        identity = ProcessIdentity.of(process.pid)
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        assert is_alive(identity, marker="/unused") is Alive.NO


def test_identity_of_nobody_is_refused() -> None:
    with pytest.raises(ProcessLookupError, match=f"there is no process {ENDED_PID}"):
        ProcessIdentity.of(ENDED_PID)


def test_record_gives_the_identity_back() -> None:
    assert ProcessIdentity.from_record(CURRENT.to_record()) == CURRENT


def test_record_of_release_2_7_is_read() -> None:
    record = {"type": "local", "pid": 4227, "host": "vm"}
    assert ProcessIdentity.from_record(record) == ProcessIdentity(4227, "vm", None)


def test_token_record_of_release_2_7_is_of_this_host() -> None:
    assert ProcessIdentity.from_record({"type": "local", "pid": 4227}) == ProcessIdentity(4227, CURRENT.host, None)


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"type": "slurm", "pid": "12", "host": "vm"},
        {"type": "local", "pid": "12", "host": "vm"},
        {"type": "local", "pid": 0, "host": "vm"},
        {"type": "local", "pid": 12, "host": None},
    ],
)
def test_other_records_are_no_local_process(record: dict[str, object]) -> None:
    assert ProcessIdentity.from_record(record) is None


def test_psutil_observes_as_proc_does() -> None:
    """macOS has no /proc: there psutil tells."""
    with subprocess.Popen(["true", "/ws/jobs"]) as process:
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        ended = _processes._observe_psutil(process.pid)
    here = _processes._observe_psutil(os.getpid())
    assert (ended and ended.ended, here and here.ended) == (True, False)
    assert here == _processes._observe_psutil(os.getpid())
    assert _processes._observe_psutil(ENDED_PID) is None
    assert _processes._command_line_psutil(os.getpid()).strip() == _processes._command_line_proc(os.getpid()).strip()
