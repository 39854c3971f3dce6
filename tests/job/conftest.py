"""Directories of jobs that are ready to run."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest

sys.path.insert(0, str(Path(__file__).parent / "programs"))  # jobs look for modules where the program does first

from errands import Errand  # found there

from experimaestro import RunMode, Task, experiment
from experimaestro.workspace.layout import JobDirectory

DEADLINE: Final = 30.0
"""Seconds that something which must happen may take on a loaded machine."""


@pytest.fixture
def generate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Task], JobDirectory]:
    """Writes the directory of a job."""
    monkeypatch.setenv("HOME", str(tmp_path))

    def write(task: Task) -> JobDirectory:
        with experiment(tmp_path / "ws", "xp", run_mode=RunMode.GENERATE_ONLY, project_paths=[]):
            task.submit()
        [script] = tmp_path.glob("ws/jobs/*/*/*.py")
        return JobDirectory(script.parent, script.stem)

    return write


@pytest.fixture
def errand(generate: Callable[[Task], JobDirectory]) -> Callable[[str], JobDirectory]:
    """Writes the directory of a job that executes some code."""
    return lambda code: generate(Errand.C(code=code))


@pytest.fixture
def start() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts the script of a job, as a launcher does; what still runs at the end is killed."""
    started: list[subprocess.Popen[str]] = []

    def run(
        directory: JobDirectory, environment: dict[str, str] | None = None, **options: Any
    ) -> subprocess.Popen[str]:
        # Any: options of Popen
        process = subprocess.Popen(
            [sys.executable, str(directory.script)],
            env={**os.environ, **(environment or {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **options,
        )
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        with process:  # closes its pipes, which a child of it may hold open
            pass


@pytest.fixture
def eventually() -> Callable[[Callable[[], object]], None]:
    """Waits until something holds."""

    def wait(condition: Callable[[], object]) -> None:
        deadline = time.monotonic() + DEADLINE
        while not condition():
            assert time.monotonic() < deadline, "it never happened"
            time.sleep(0.002)

    return wait
