"""Jobs as processes of this machine."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from experimaestro._files import FileLock
from experimaestro._processes import ProcessIdentity
from experimaestro.launchers import DirectLauncher
from experimaestro.launchers.base import LaunchRequest
from experimaestro.launchers.direct import InvalidJobLimitError, job_environment


def request(directory: Path, *, lock: int | None = None, **environment: str) -> LaunchRequest:
    return LaunchRequest(
        "a", directory, directory / "a.py", directory / "a.out", directory / "a.err", environment, lock
    )


def run(launcher: DirectLauncher, request: LaunchRequest, program: str) -> int | None:
    async def scenario() -> int | None:
        return await (await launcher.start(request)).wait()

    request.script.write_text(program)
    return asyncio.run(scenario())


def test_job_runs_in_its_directory(tmp_path: Path) -> None:
    assert run(DirectLauncher(), request(tmp_path), "import os; print(os.getcwd()); raise SystemExit(3)") == 3
    assert (tmp_path / "a.out").read_text() == f"{tmp_path.resolve()}\n"


def test_environment_is_added_to_ours() -> None:
    environment = job_environment({"PATH": "/bin", "A": "1", "B": "1"}, {"A": "2"}, request(Path(), B="3"))
    assert environment == {"PATH": "/bin", "A": "2", "B": "3"}


def test_lock_of_an_outer_job_is_not_that_of_the_job() -> None:
    assert job_environment({"XPM_LOCK_FD": "5"}, {}, request(Path())) == {}
    assert job_environment({"XPM_LOCK_FD": "5"}, {}, request(Path(), lock=7)) == {"XPM_LOCK_FD": "7"}


def test_variables_of_the_launcher_reach_the_job(tmp_path: Path) -> None:
    launcher = DirectLauncher()
    launcher.setenv("GREETING", "hello")
    run(launcher, request(tmp_path, NAME="world"), "import os; print(os.environ['GREETING'], os.environ['NAME'])")
    assert (tmp_path / "a.out").read_text() == "hello world\n"


def test_missing_directory_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        asyncio.run(DirectLauncher().start(request(tmp_path / "absent")))


DRIVER = """
import asyncio, sys
from pathlib import Path
from experimaestro._files import FileLock
from experimaestro.launchers import DirectLauncher
from experimaestro.launchers.base import LaunchRequest

async def main(directory: Path) -> None:
    lock = FileLock(directory / "a.lock")
    assert lock.acquire(blocking=False)
    names = [directory / f"a.{extension}" for extension in ("py", "out", "err")]
    process = await DirectLauncher().start(LaunchRequest("a", directory, *names, {}, lock.fileno()))
    print(process.identity.pid, flush=True)
    await process.wait()

asyncio.run(main(Path(sys.argv[1])))
"""


def test_lock_outlives_the_driver_and_ends_with_the_job(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("import signal; signal.alarm(60); signal.pause()")  # ends even if the test fails
    lock = FileLock(tmp_path / "a.lock")
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-c", DRIVER, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as driver:
        assert driver.stdout is not None
        job = ProcessIdentity.of(int(driver.stdout.readline()))
        driver.kill()

    assert not lock.acquire(blocking=False), "nobody holds the lock of a job that runs"

    async def end_job() -> None:
        attached = await DirectLauncher().attach(job)
        assert attached is not None
        await attached.kill(grace=20)

    asyncio.run(end_job())
    assert lock.acquire(blocking=False)
    lock.release()


def test_job_is_told_the_descriptor_of_its_lock(tmp_path: Path) -> None:
    with FileLock(tmp_path / "a.lock") as lock:
        program = "import os; print(os.path.samestat(os.fstat(int(os.environ['XPM_LOCK_FD'])), os.stat('a.lock')))"
        run(DirectLauncher(), request(tmp_path, lock=lock.fileno()), program)
    assert (tmp_path / "a.out").read_text() == "True\n"


def test_limit_is_the_number_of_processors_we_may_use() -> None:
    assert DirectLauncher().max_jobs == len(os.sched_getaffinity(0))
    assert DirectLauncher(max_jobs=None).max_jobs is None


def test_limit_that_lets_nothing_run_is_refused() -> None:
    with pytest.raises(InvalidJobLimitError, match="max_jobs=0: expected 1 or more, or None"):
        DirectLauncher(max_jobs=0)


def test_listeners_hear_of_each_job() -> None:
    heard: list[object] = []
    launcher = DirectLauncher(priority=2)
    launcher.addListener(heard.append)
    launcher.onSubmit("job")
    assert heard == ["job"]
    assert launcher.priority == 2


def test_launcher_says_where_it_runs_jobs() -> None:
    assert str(DirectLauncher()) == "DirectLauncher(LocalConnector)"


def test_launchers_load_without_the_machinery_that_runs_jobs() -> None:
    program = "import sys, experimaestro.launchers; print({'asyncio', 'subprocess'} & set(sys.modules))"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=True)
    assert shown.stdout == "set()\n"
