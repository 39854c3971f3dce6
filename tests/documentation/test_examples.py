"""What the pages show is what happens.

In the pages, the words after the language say what a fence is for:

* `file=NAME`: the reader writes it to that file;
* `console`: the reader types what follows `$ `, and sees the lines below; `...` stands for any text;
* `fragment`: part of a larger text, of which only the syntax is checked.

Python and YAML carry one of these words; other languages are only shown.
"""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
import yaml

ROOT: Final = Path(__file__).parents[2]
PAGES: Final = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
FENCE: Final = re.compile(r"^```(?P<language>\w*)(?: (?P<purpose>\S+))?\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)

PARSERS: Final[Mapping[str, Callable[[str], object]]] = {"python": ast.parse, "yaml": yaml.safe_load}


@dataclass(frozen=True)
class Fence:
    """A block of code of a page."""

    page: Path
    line: int
    language: str
    purpose: str
    text: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"

    @property
    def file(self) -> str | None:
        return self.purpose.removeprefix("file=") if self.purpose.startswith("file=") else None


def fences(page: Path) -> Iterator[Fence]:
    text = page.read_text()
    for found in FENCE.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        yield Fence(page, line, found["language"], found["purpose"] or "", found["text"])


def commands(fence: Fence) -> Iterator[tuple[str, str]]:
    """Yields each command of a console, with the output that the page shows."""
    for part in re.split(r"^\$ ", fence.text, flags=re.MULTILINE)[1:]:
        command, _, output = part.partition("\n")
        yield command, output


def matches(shown: str, output: str) -> bool:
    """Whether an output is the one shown, up to spaces at the end of lines."""
    pattern = re.escape(_trimmed(shown)).replace(r"\.\.\.", ".*")
    return re.fullmatch(pattern, _trimmed(output), re.DOTALL) is not None


def _trimmed(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip("\n").splitlines())


class Reader:
    """Somebody who follows a page in a folder, with the interpreter that runs the tests."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "page"
        self.folder.mkdir()
        commands = folder / "bin"
        commands.mkdir()
        for name, arguments in {"python": "", "experimaestro": "-m experimaestro"}.items():
            command = commands / name
            command.write_text(f'#!/bin/sh\nexec "{sys.executable}" {arguments} "$@"\n')
            command.chmod(0o755)
        self.environment = {
            **os.environ,
            "HOME": str(folder),
            "XDG_CONFIG_HOME": str(folder / ".config"),
            "PATH": os.pathsep.join([str(commands), os.environ["PATH"]]),
            "PYTHONPATH": str(ROOT),
            "COLUMNS": "200",
            "NO_COLOR": "1",
        }

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def type(self, command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-c", command],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_page_shows_what_happens(page: Path, tmp_path: Path) -> None:
    reader = Reader(tmp_path)
    for fence in fences(page):
        if fence.file:
            reader.write(fence.file, fence.text)
        elif fence.language == "console":
            for command, shown in commands(fence):
                follow(reader, command, shown, where=fence)


def follow(reader: Reader, command: str, shown: str, *, where: Fence) -> None:
    done = reader.type(command)
    told = f"{where}: $ {command}\n--- stdout\n{done.stdout}--- stderr\n{done.stderr}"
    assert done.returncode == 0, f"exit code {done.returncode}, {told}"
    assert matches(shown, done.stdout), f"the page shows\n{shown}\nbut the output is another, {told}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_code_of_a_page_is_run_or_called_a_fragment(page: Path) -> None:
    loose = [str(fence) for fence in fences(page) if fence.language in PARSERS and not fence.purpose]
    assert not loose, f"{loose}: neither `file=NAME` nor `fragment`"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_fragments_have_no_syntax_error(page: Path) -> None:
    for fence in fences(page):
        if fence.purpose == "fragment":
            PARSERS[fence.language](fence.text)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text())
    assert not [target for target in targets if not (page.parent / target).exists()]


def test_output_is_compared_whole() -> None:
    assert matches("a\n...\nc\n", "a\nb\nc  \n")
    assert not matches("a\n", "a\nb\n")
    assert not matches("a.c", "abc")
