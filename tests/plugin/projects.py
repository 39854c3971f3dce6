"""Projects that mypy checks with the plugin, each run a real process."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

INI: Final = "[mypy]\nplugins = experimaestro.mypy\nstrict = True\nexplicit_package_bases = True\n"

_LINE: Final = re.compile(r"(?P<file>[^:]+):(?P<line>\d+): (?P<severity>error|note): (?P<message>.*)")
_CODE: Final = re.compile(r"(?P<message>.*?)  \[(?P<code>[\w-]+)\]")


class Said(NamedTuple):
    """A line of mypy."""

    file: str
    line: int
    severity: str
    message: str
    code: str


class Project:
    """A directory with the files of a project."""

    def __init__(self, directory: Path, files: Mapping[str, str] = {}) -> None:
        self.directory = directory
        self.write({"mypy.ini": INI, **files})

    def write(self, files: Mapping[str, str]) -> None:
        """Writes files, by path."""
        for name, text in files.items():
            path = self.directory / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def run(self, *arguments: str, program: str = "mypy") -> subprocess.CompletedProcess[str]:
        """Runs mypy here."""
        command = [sys.executable, "-m", program, *arguments]
        return subprocess.run(command, cwd=self.directory, capture_output=True, text=True, check=False)

    def said(self, *arguments: str, program: str = "mypy") -> list[Said]:
        """The errors and notes of mypy."""
        done = self.run(*arguments, program=program)
        assert done.returncode in (0, 1), done.stdout + done.stderr
        return [said for line in done.stdout.splitlines() if (said := _said(line)) is not None]

    def messages(self, *arguments: str, program: str = "mypy") -> list[str]:
        """What mypy says, without where in the Python code."""
        return [said.message for said in self.said(*arguments, program=program)]


def _said(line: str) -> Said | None:
    found = _LINE.fullmatch(line)
    if found is None:
        return None
    coded = _CODE.fullmatch(found["message"])
    message, code = (coded["message"], coded["code"]) if coded else (found["message"], "")
    return Said(found["file"], int(found["line"]), found["severity"], message, code)


def by_file(said: list[Said]) -> dict[str, list[Said]]:
    """The lines by the module they are of."""
    return {file: [each for each in said if each.file == file] for file in {each.file for each in said}}
