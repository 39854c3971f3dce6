"""The type checkers, each run once over all the programs of a folder."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).parents[2]
PROGRAMS: Final = Path(__file__).parent / "programs"
FOLDERS: Final = ("wrong", "fixed", "right")


class Finding(NamedTuple):
    """An error that a checker reports."""

    file: Path
    line: int
    code: str
    message: str


def program_of(file: Path) -> str:
    """The name of the program that a file belongs to: a file of a folder, or a folder in it."""
    return file.relative_to(PROGRAMS).parts[1].removesuffix(".py")


def programs(folder: str) -> list[str]:
    """The names of the programs of a folder."""
    names = {program_of(file) for file in (PROGRAMS / folder).rglob("*.py")}
    return sorted(name for name in names if not name.endswith("_mocks"))


def files(folder: str, program: str) -> list[Path]:
    """The Python files of a program."""
    alone = PROGRAMS / folder / f"{program}.py"
    return [alone] if alone.exists() else sorted((PROGRAMS / folder / program).glob("*.py"))


def executable(checker: str) -> str | None:
    """Where a checker is: beside Python, or on the path."""
    return shutil.which(checker, path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")


def mypy(*, plugin: bool = False) -> Iterator[Finding]:
    """Its modules are named after their files: each folder is checked alone."""
    for folder in FOLDERS:
        yield from mypy_of(folder, plugin=plugin)


def mypy_of(folder: str, *, plugin: bool) -> Iterator[Finding]:
    cache_directory = ROOT / ".mypy_cache" / f"programs-{folder}{'-plugin' if plugin else ''}"
    text = "[mypy]\nstrict = True\n" + ("plugins = experimaestro.mypy\n" if plugin else "")
    settings = written(f"programs{'-plugin' if plugin else ''}.ini", text)
    options = ["--explicit-package-bases", "--no-error-summary", "--output=json", "--follow-imports=silent"]
    command = [sys.executable, "-m", "mypy", f"--config-file={settings}", f"--cache-dir={cache_directory}", *options]
    process = run([*command, "."], PROGRAMS / folder)
    if process.returncode > 1:  # as for a mistake in the command or in the plugin
        raise RuntimeError(process.stderr or process.stdout)
    for error in map(json.loads, process.stdout.splitlines()):
        if error["severity"] == "error":
            yield Finding(PROGRAMS / folder / error["file"], error["line"], error["code"], error["message"])


def pyright() -> Iterator[Finding]:
    options = [f"--pythonpath={sys.executable}", "--outputjson"]
    report = json.loads(output([sys.executable, "-m", "pyright", *options, str(PROGRAMS)]))
    for error in report["generalDiagnostics"]:
        if error["severity"] == "error":
            line = error["range"]["start"]["line"] + 1
            yield Finding(Path(error["file"]), line, error.get("rule", "syntax"), error["message"])


def ty() -> Iterator[Finding]:
    command = [str(executable("ty")), "check", f"--python={sys.prefix}", "--output-format=concise", str(PROGRAMS)]
    pattern = r"^(\S+?):(\d+):\d+: error\[([\w-]+)\] (.*)$"
    for file, line, code, message in re.findall(pattern, output(command), re.MULTILINE):
        yield Finding(ROOT / file, int(line), code, message)


def pyrefly() -> Iterator[Finding]:
    command = [
        str(executable("pyrefly")),
        "check",
        "--output-format=json",
        f"--python-interpreter-path={sys.executable}",
    ]
    for error in json.loads(output([*command, str(PROGRAMS)]))["errors"]:
        if error["severity"] == "error":
            yield Finding(ROOT / error["path"], error["line"], error["name"], error["description"])


def written(name: str, text: str) -> Path:
    """A file of settings."""
    settings = ROOT / ".mypy_cache" / name
    settings.parent.mkdir(exist_ok=True)
    settings.write_text(text)
    return settings


def output(command: list[str]) -> str:
    return run(command, ROOT).stdout


def run(command: list[str], directory: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False)


CHECKERS: Final[Mapping[str, Callable[[], Iterator[Finding]]]] = {
    "mypy": mypy,
    "pyright": pyright,
    "ty": ty,
    "pyrefly": pyrefly,
}


@cache
def findings(checker: str) -> Mapping[str, list[Finding]]:
    """All that a checker finds, by folder and program: ``wrong/NAME``."""
    check = CHECKERS["mypy" if checker == "mypy+plugin" else checker]
    found: dict[str, list[Finding]] = {f"{folder}/{name}": [] for folder in FOLDERS for name in programs(folder)}
    for finding in mypy(plugin=True) if checker == "mypy+plugin" else check():
        folder = finding.file.relative_to(PROGRAMS).parts[0]
        found.setdefault(f"{folder}/{program_of(finding.file)}", []).append(finding)
    return found


class Mark(NamedTuple):
    """A line where an error is expected, and its codes: any of them."""

    file: Path
    line: int
    codes: frozenset[str]


def marks(program: str) -> list[Mark]:
    """The marked lines of a wrong program: ``# E: code``, or ``# E: code | other-code``."""
    return [
        Mark(file, number, frozenset(code.strip() for code in match[1].split("|")))
        for file in files("wrong", program)
        for number, text in enumerate(file.read_text().splitlines(), start=1)
        if (match := re.search(r"# E: (.+)$", text))
    ]


def is_found(checker: str, program: str) -> bool:
    """Whether a checker reports, on a marked line, an error that the corrected program has not."""
    known = {(source(finding), finding.code) for finding in findings(checker)[f"fixed/{program}"]}
    places = {(mark.file, mark.line) for mark in marks(program)}
    return any(
        (finding.file, finding.line) in places and (source(finding), finding.code) not in known
        for finding in findings(checker)[f"wrong/{program}"]
    )


def source(finding: Finding) -> str:
    """The line of a finding, without its mark."""
    return finding.file.read_text().splitlines()[finding.line - 1].partition("  # E:")[0]
