"""What the plugin finds in realistic plans: what stands beside their lines, and nothing else, whatever mypy knows before.

`--rewrite` writes the messages and what stands beside the lines anew.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from tests.plugin.programs import KINDS, PROGRAMS, Files, Finding, cut, expected, marked, programs, write

MESSAGES: Final = Path(__file__).parent / "messages.txt"
PYTHON: Final = os.environ.get("MYPY_PYTHON", sys.executable)
"""The interpreter whose mypy is tried: continuous integration sets it, for other versions of mypy."""
CONFIGURATION: Final = "[mypy]\nplugins = experimaestro.mypy\nstrict = True\nexplicit_package_bases = True\n"
"""Strict, with the plugin."""


class Checked:
    """A directory of programs that mypy checks."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.folder = folder
        self.options = options
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "mypy.ini").write_text(CONFIGURATION)

    def output(self, files: Files, *, program: tuple[str, ...] = ("mypy",)) -> str:
        """What mypy says of files, which replace those that were there."""
        write(files, self.folder)
        names = sorted({name.partition("/")[0] for name in files if name.endswith(".py")})
        command = [PYTHON, "-m", *program, *self.options, *names]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)
        assert done.returncode in (0, 1), done.stdout + done.stderr
        return done.stdout

    def findings(self, files: Files, *, program: tuple[str, ...] = ("mypy",)) -> set[Finding]:
        """What mypy finds in files."""
        return found(self.output(files, program=program))


def found(output: str) -> set[Finding]:
    errors = re.findall(r"^(\S+?):(\d+): error: .*\[([\w-]+)\]$", output, re.MULTILINE)
    return {Finding(file, int(line), code) for file, line, code in errors}


@pytest.fixture(scope="session")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("plans")


@pytest.fixture(scope="session")
def whole(work: Path) -> dict[str, str]:
    """What mypy says of each kind of programs."""
    return {kind: Checked(work / "whole" / kind).output(programs(kind)) for kind in KINDS}


@cache
def names(kind: str) -> list[str]:
    return sorted({name.partition("/")[0] for name in programs(kind) if name.endswith(".py")})


def of(name: str, findings: set[Finding]) -> list[tuple[int, str]]:
    return sorted((f.line, f.code) for f in findings if f.file.partition("/")[0] == name)


def test_what_stands_beside_the_lines_is_what_was_found(whole: dict[str, str], request: pytest.FixtureRequest) -> None:
    files = {name: text for name, text in programs("wrong").items() if name.endswith(".py")}
    findings = found(whole["wrong"])
    written = {name: marked(name, text, findings) for name, text in files.items()}
    if request.config.getoption("--rewrite", default=False):
        write(written, PROGRAMS / "wrong")
        files = written
    assert {name for name, text in written.items() if text != files[name]} == set()


@pytest.mark.parametrize("name", names("wrong"))
def test_mistakes_are_found_on_their_line(whole: dict[str, str], name: str) -> None:
    assert of(name, found(whole["wrong"])) == of(name, expected(programs("wrong")))


@pytest.mark.parametrize("kind", ["fixed", "right"])
def test_right_plans_have_no_finding(whole: dict[str, str], kind: str) -> None:
    assert found(whole[kind]) == set()


@pytest.mark.skipif(sys.executable != PYTHON, reason="each version of mypy has its own words for types")
def test_messages_are_those_reviewed(whole: dict[str, str], request: pytest.FixtureRequest) -> None:
    lines = [line for line in whole["wrong"].splitlines(keepends=True) if re.search(r"\[xpm-[\w-]+\]$", line)]
    if request.config.getoption("--rewrite", default=False):
        MESSAGES.write_text("".join(sorted(lines)))
    assert "".join(sorted(lines)) == MESSAGES.read_text()


def test_each_code_has_three_wrong_programs() -> None:
    from experimaestro_mypy.codes import ALL

    told = [finding.code for finding in expected(programs("wrong"))]
    assert {code for code in ALL if told.count(code) < 3} == set()


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_known_of_classes_comes_from_other_modules(work: Path, kind: str) -> None:
    files = cut(programs(kind))
    assert Checked(work / "cut" / kind).findings(files) == expected(files)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_changes_in_a_second_run(work: Path, kind: str) -> None:
    files = cut(programs(kind))
    checked = Checked(work / "cut" / kind)
    assert checked.findings(files) == checked.findings(files) == expected(files)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_known_of_classes_comes_from_the_cache(work: Path, kind: str) -> None:
    files = cut(programs(kind))
    checked = Checked(work / "cached" / kind)
    checked.findings(files)
    edited = {name: text if "_classes" in name else text + "\n# edited\n" for name, text in files.items()}
    assert checked.findings(edited) == expected(edited)


def test_a_mistake_is_found_after_the_edit_that_makes_it(work: Path) -> None:
    checked = Checked(work / "edited")
    fixed, wrong = cut(programs("fixed")), cut(programs("wrong"))
    assert checked.findings(fixed) == set()
    assert checked.findings(wrong) == expected(wrong)
    assert checked.findings(fixed) == set()


def test_workers_find_the_same(work: Path) -> None:
    if mypy_version() < (2, 0):
        pytest.skip("this version of mypy has no workers")
    files = cut(programs("wrong"))
    checked = Checked(work / "workers", "-n", "2")
    assert checked.findings(files) == expected(files)
    assert checked.findings(files) == expected(files)


def test_the_daemon_finds_the_same_after_each_edit(work: Path) -> None:
    checked = Checked(work / "daemon", "check")
    fixed, wrong = cut(programs("fixed")), cut(programs("wrong"))
    for files in (fixed, wrong):  # `dmypy check` does not look again at which module a file names, `dmypy run` does
        files.pop("yaml_path_module/main.py")
    daemon = [PYTHON, "-m", "mypy.dmypy"]
    subprocess.run([*daemon, "start"], cwd=checked.folder, check=True, capture_output=True)
    try:
        for files in (fixed, wrong, fixed):
            assert checked.findings(files, program=("mypy.dmypy",)) == expected(files)
    finally:
        subprocess.run([*daemon, "stop"], cwd=checked.folder, check=False, capture_output=True)


@cache
def mypy_version() -> tuple[int, ...]:
    script = "from mypy.version import __version__; print(__version__)"
    version = subprocess.run([PYTHON, "-c", script], capture_output=True, text=True, check=True).stdout
    return tuple(int(part) for part in re.findall(r"\d+", version)[:2])
