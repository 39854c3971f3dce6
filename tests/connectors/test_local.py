"""Processes of this machine, with real ones."""

from __future__ import annotations

import asyncio
import gc
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from experimaestro._processes import Alive, ProcessIdentity, is_alive
from experimaestro.connectors import Redirect, processes
from experimaestro.connectors.local import LocalConnector
from experimaestro.connectors.processes import LocalProcess

READY = "import os, sys, signal; signal.alarm(60); ready = int(sys.argv[1]); "
"""Start of programs that write to the pipe they are given, and hold it as long as they live.

A test that fails may leave them: the alarm ends them.
"""

STUBBORN = READY + "signal.signal(signal.SIGTERM, signal.SIG_IGN); os.write(ready, b'r'); signal.pause()"
PATIENT = READY + "os.write(ready, b'r'); signal.pause()"
PARENT = READY + (
    "\nif os.fork() == 0: signal.alarm(60); signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    "os.write(ready, b'r'); signal.pause()"
)
"""Ends on SIGTERM, but not its child."""


class Pipe:
    """Tells when processes are ready, and when all those that inherited it are gone."""

    def __init__(self) -> None:
        self.reader, self.writer = os.pipe()

    def read(self) -> bytes:
        readable, _, _ = select.select([self.reader], [], [], 20)
        assert readable, "nothing came in 20 seconds"
        return os.read(self.reader, 1)

    def close_writer(self) -> None:
        os.close(self.writer)
        self.writer = -1


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    pipe = Pipe()
    yield pipe
    for descriptor in (pipe.reader, pipe.writer):
        if descriptor >= 0:
            os.close(descriptor)


def spawn(directory: Path, *command: str, pass_fds: tuple[int, ...] = ()) -> LocalProcess:
    return LocalConnector().spawn(
        command,
        directory=directory,
        environment={"GREETING": "hello"},
        stdout=directory / "out",
        stderr=directory / "err",
        pass_fds=pass_fds,
    )


def spawn_python(directory: Path, program: str, pipe: Pipe) -> LocalProcess:
    process = spawn(directory, sys.executable, "-ISc", program, str(pipe.writer), pass_fds=(pipe.writer,))
    pipe.close_writer()
    return process


@pytest.fixture(params=["pidfd", "polling"])
def waiting(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs a test both ways: some systems have no pidfd."""
    if request.param == "polling":
        monkeypatch.setattr(processes, "_open_pidfd", lambda pid: None)


@pytest.mark.usefixtures("waiting")
@pytest.mark.parametrize(("command", "code"), [("exit 0", 0), ("exit 3", 3), ("kill -9 $$", -9)])
def test_wait_returns_the_exit_code(tmp_path: Path, command: str, code: int) -> None:
    assert asyncio.run(spawn(tmp_path, "/bin/sh", "-c", command).wait()) == code


def test_child_killed_from_outside_is_seen(tmp_path: Path, pipe: Pipe) -> None:
    async def scenario() -> int | None:
        process = spawn_python(tmp_path, PATIENT, pipe)
        waiter = asyncio.create_task(process.wait())
        pipe.read()
        os.kill(process.identity.pid, signal.SIGKILL)
        return await waiter

    assert asyncio.run(scenario()) == -signal.SIGKILL


def test_all_who_wait_get_the_exit_code(tmp_path: Path) -> None:
    async def scenario() -> list[int | None]:
        process = spawn(tmp_path, "/bin/sh", "-c", "exit 3")
        return [*await asyncio.gather(process.wait(), process.wait()), await process.wait()]

    assert asyncio.run(scenario()) == [3, 3, 3]


def test_no_zombie_is_left(tmp_path: Path) -> None:
    process = spawn(tmp_path, "/bin/true")
    asyncio.run(process.wait())
    with pytest.raises(ChildProcessError):
        os.waitpid(process.identity.pid, os.WNOHANG)


def test_exit_code_collected_by_others_is_unknown(tmp_path: Path) -> None:
    process = spawn(tmp_path, "/bin/true")
    os.waitpid(process.identity.pid, 0)
    assert asyncio.run(process.wait()) is None


def test_leaving_a_running_process_gives_no_warning(tmp_path: Path, pipe: Pipe) -> None:
    identity = spawn_python(tmp_path, PATIENT, pipe).identity
    gc.collect()  # warnings are errors
    assert is_alive(identity, marker="") is Alive.YES
    os.kill(identity.pid, signal.SIGKILL)
    os.waitpid(identity.pid, 0)


def test_process_gets_its_directory_environment_and_files(tmp_path: Path) -> None:
    process = spawn(tmp_path, "/bin/sh", "-c", "pwd; echo $GREETING $HOME; cat; echo problem >&2")
    assert asyncio.run(process.wait()) == 0
    assert (tmp_path / "out").read_text() == f"{tmp_path.resolve()}\nhello\n"
    assert (tmp_path / "err").read_text() == "problem\n"


def test_streams_can_go_nowhere(tmp_path: Path) -> None:
    process = LocalConnector().spawn(
        ["/bin/echo", "hello"], directory=tmp_path, environment={}, stdout=Redirect.none(), stderr=Redirect.none()
    )
    assert asyncio.run(process.wait()) == 0
    assert list(tmp_path.iterdir()) == []


def test_process_has_a_session_of_its_own(tmp_path: Path, pipe: Pipe) -> None:
    process = spawn_python(tmp_path, PATIENT, pipe)
    assert os.getsid(process.identity.pid) == process.identity.pid
    asyncio.run(process.kill(grace=20))


@pytest.mark.usefixtures("waiting")
def test_kill_asks_first(tmp_path: Path, pipe: Pipe) -> None:
    async def scenario() -> int | None:
        process = spawn_python(tmp_path, PATIENT, pipe)
        pipe.read()
        await process.kill(grace=20)
        return await process.wait()

    assert asyncio.run(scenario()) == -signal.SIGTERM


def test_kill_forces_a_process_that_does_not_listen(tmp_path: Path, pipe: Pipe) -> None:
    async def scenario() -> int | None:
        process = spawn_python(tmp_path, STUBBORN, pipe)
        pipe.read()
        await process.kill(grace=0)
        return await process.wait()

    assert asyncio.run(scenario()) == -signal.SIGKILL


def test_kill_reaches_grandchildren_even_when_the_child_ends_first(tmp_path: Path, pipe: Pipe) -> None:
    async def scenario() -> int | None:
        process = spawn_python(tmp_path, PARENT, pipe)
        assert pipe.read() + pipe.read() == b"rr"
        await process.kill(grace=0.2)
        return await process.wait()

    assert asyncio.run(scenario()) == -signal.SIGTERM
    assert pipe.read() == b"", "the grandchild still holds the pipe"


def test_kill_of_an_ended_process_does_nothing(tmp_path: Path) -> None:
    async def scenario() -> int | None:
        process = spawn(tmp_path, "/bin/true")
        await process.wait()
        await process.kill(grace=0)
        return await process.wait()

    assert asyncio.run(scenario()) == 0


FOREIGN = (
    "import subprocess, sys\n"
    "child = subprocess.Popen([sys.executable, '-ISc', 'import signal; signal.alarm(60); signal.pause()'], start_new_session=True)\n"
    "print(child.pid, flush=True); child.wait()"
)


@pytest.fixture
def foreign() -> Iterator[ProcessIdentity]:
    """A process that is not our child, whose parent collects it."""
    with subprocess.Popen([sys.executable, "-ISc", FOREIGN], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        identity = ProcessIdentity.of(int(parent.stdout.readline()))
        yield identity
        if is_alive(identity, marker="") is Alive.YES:
            os.kill(identity.pid, signal.SIGKILL)


@pytest.mark.usefixtures("waiting")
@pytest.mark.parametrize("known", ["start time", "pid only"])
def test_end_of_an_attached_process_is_seen(foreign: ProcessIdentity, known: str) -> None:
    async def scenario() -> None:
        process = LocalConnector().attach(foreign if known == "start time" else foreign._replace(start=None))
        assert process is not None
        async with asyncio.TaskGroup() as group:
            group.create_task(process.wait())
            group.create_task(process.kill(grace=20))

    asyncio.run(scenario())
    assert is_alive(foreign, marker="") is Alive.NO


def test_process_that_took_the_pid_is_not_attached(foreign: ProcessIdentity) -> None:
    assert LocalConnector().attach(foreign._replace(start="another boot:12")) is None


def test_process_that_takes_the_pid_after_attaching_is_neither_awaited_nor_killed(foreign: ProcessIdentity) -> None:
    async def scenario() -> None:
        process = processes.AttachedProcess(foreign._replace(start="another boot:12"))
        await process.wait()
        await process.kill(grace=0)

    asyncio.run(scenario())
    assert is_alive(foreign, marker="") is Alive.YES


def test_attached_process_that_leads_no_group_is_killed_alone(pipe: Pipe) -> None:
    with subprocess.Popen(
        [sys.executable, "-ISc", PATIENT, str(pipe.writer)], pass_fds=[pipe.writer]
    ) as process:  # in the group of the tests
        pipe.read()
        attached = LocalConnector().attach(ProcessIdentity.of(process.pid))
        assert attached is not None
        asyncio.run(attached.kill(grace=0))
        assert process.wait() == -signal.SIGTERM


def test_directory_of_the_machine_is_chosen_by_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XPM_WORKDIR", str(tmp_path))
    assert LocalConnector().localpath == tmp_path
    assert LocalConnector(Path("/given")).localpath == Path("/given")


def test_directory_of_the_machine_is_that_of_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XPM_WORKDIR", raising=False)
    assert LocalConnector.instance().localpath.name == "experimaestro"
