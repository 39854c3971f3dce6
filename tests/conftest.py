"""Somebody at a command line."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

import hypothesis
import pytest

# How long an example takes depends on what else the machine does: no test asserts it.
hypothesis.settings.register_profile("steady", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("steady")

ROOT: Final = Path(__file__).parents[1]


class Outcome(NamedTuple):
    """What a command did."""

    code: int
    out: str
    err: str


class Place:
    """A directory with an empty home, from which `experimaestro` is called, as a real process."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.processes: list[subprocess.Popen[str]] = []
        (directory / "home").mkdir()
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "XPM_"))},
            "HOME": str(directory / "home"),
            "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
            "COLUMNS": "200",
        }

    def write(self, files: Mapping[str, str]) -> None:
        """Writes files, by name."""
        for name, text in files.items():
            path = self.directory / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def files(self) -> set[str]:
        """What the directory contains."""
        return {str(path.relative_to(self.directory)) for path in self.directory.rglob("*")}

    def start(self, *arguments: object, **variables: str) -> subprocess.Popen[str]:
        """Starts ``experimaestro ARGUMENTS``; modules of the current directory are not found, as for that command."""
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "experimaestro", *map(str, arguments)],
            cwd=self.directory,
            env={**self.environment, **variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.processes.append(process)
        return process

    def run(self, *arguments: object, **variables: str) -> Outcome:
        """Returns what ``experimaestro ARGUMENTS`` did; the directory reads as ``.`` in what it says."""
        process = self.start(*arguments, **variables)
        out, err = process.communicate(timeout=60)
        return Outcome(process.returncode, self.shortened(out), self.shortened(err))

    def shortened(self, text: str) -> str:
        """Text without what changes from run to run: this directory, and the time of day."""
        return re.sub(r"^\d\d:\d\d:\d\d  ", "", text.replace(str(self.directory), "."), flags=re.MULTILINE)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite", action="store_true", help="write what is expected anew, to review it")


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    place = Place(tmp_path)
    yield place
    for process in place.processes:
        process.kill()
        process.communicate()
