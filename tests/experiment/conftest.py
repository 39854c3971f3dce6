"""Experiments in small workspaces, with real jobs."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, TypeAlias

import pytest

PROGRAMS: Final = Path(__file__).parent / "programs"
sys.path.insert(0, str(PROGRAMS))  # jobs look for modules where the program does first

from lab import Journal  # noqa: E402  # found there

from experimaestro import Job, experiment  # noqa: E402

DEADLINE: Final = 30.0
"""Seconds that something which must happen may take on a loaded machine."""

Eventually: TypeAlias = Callable[[Callable[[], object]], None]
Enter: TypeAlias = Callable[..., experiment]
Drive: TypeAlias = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user without settings, nor tokens."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XPM_WORKDIR", str(home / "xpm"))
    return home


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return tmp_path / "ws"


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "journal")


@pytest.fixture
def enter(workspace: Path) -> Enter:
    """Describes an experiment of the workspace; no git repository is looked at."""

    def describe(name: str = "xp", **options: Any) -> experiment:  # Any: those of `experiment`
        options.setdefault("project_paths", [])
        return experiment(workspace, name, **options)

    return describe


@pytest.fixture
def eventually() -> Eventually:
    """Waits until something holds."""

    def wait(condition: Callable[[], object]) -> None:
        deadline = time.monotonic() + DEADLINE
        while not condition():
            assert time.monotonic() < deadline, "it never happened"
            time.sleep(0.002)

    return wait


@pytest.fixture
def drive() -> Iterator[Drive]:
    """Starts a program with the interpreter of the tests; what still runs at the end is killed."""
    started: list[subprocess.Popen[str]] = []

    def start(program: Path | str, *arguments: object, **options: Any) -> subprocess.Popen[str]:  # Any: of Popen
        path = PROGRAMS / program if isinstance(program, str) else program
        command = [sys.executable, str(path), *map(str, arguments)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        with process:  # closes its pipes, which a child of it may hold open
            pass


@pytest.fixture
def terminate() -> Callable[[Job], None]:
    """Sends SIGTERM to the process of a job."""

    def send(job: Job) -> None:
        os.kill(json.loads(job.pidpath.read_text())["pid"], signal.SIGTERM)

    return send
