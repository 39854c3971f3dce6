"""Typed plans get exact types with no plugin, in mypy and in pyright.

The files of `accepted` have no error; those of `refused` have the errors that stand beside their lines, no other.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import pytest

FOLDER: Final = Path(__file__).parent
ROOT: Final = FOLDER.parents[1]
PROGRAMS: Final = [FOLDER / "accepted", FOLDER / "refused"]
FILES: Final = sorted(path for folder in PROGRAMS for path in folder.glob("*.py"))
CHECKERS: Final = ["mypy", "pyright"]


class Finding(NamedTuple):
    line: int
    rule: str


def expected(path: Path, checker: str) -> set[Finding]:
    lines = enumerate(path.read_text().splitlines(), start=1)
    found = [(number, re.search(rf"# .*\b{checker}: ([\w,-]+)", text)) for number, text in lines]
    return {Finding(number, rule) for number, match in found if match for rule in match[1].split(",")}


@cache
def findings(checker: str) -> dict[Path, set[Finding]]:
    """All that a checker finds, in one run."""
    found: dict[Path, set[Finding]] = {path: set() for path in FILES}
    for path, finding in mypy() if checker == "mypy" else pyright():
        found[path].add(finding)
    return found


def mypy() -> list[tuple[Path, Finding]]:
    options = ["--strict", "--follow-imports=silent", "--no-error-summary", "--no-pretty", "--hide-error-context"]
    output = run("mypy", *options, *map(str, PROGRAMS))
    errors = re.findall(r"^(\S+?):(\d+): error: .*\[([\w-]+)\]$", output, re.MULTILINE)
    return [(ROOT / file, Finding(int(line), rule)) for file, line, rule in errors if ROOT / file in FILES]


def pyright() -> list[tuple[Path, Finding]]:
    pytest.importorskip("pyright")
    report = json.loads(run("pyright", "--outputjson", *map(str, PROGRAMS)))
    found = [
        (Path(error["file"]), Finding(error["range"]["start"]["line"] + 1, error["rule"]))
        for error in report["generalDiagnostics"]
    ]
    return [
        (path, finding)
        for path, finding in found
        if path.parent.name == "accepted" or not finding.rule.startswith("reportUnknown")  # follows from another error
    ]


def run(module: str, *arguments: str) -> str:
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout


@pytest.mark.parametrize("checker", CHECKERS)
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_checker_finds_what_is_wrong_and_nothing_else(checker: str, path: Path) -> None:
    assert findings(checker)[path] == expected(path, checker)


@pytest.mark.parametrize("checker", CHECKERS)
def test_each_line_meant_to_be_refused_is(checker: str) -> None:
    refused = [path for path in FILES if path.parent.name == "refused"]
    assert sum(len(expected(path, checker)) for path in refused) > 30
    assert not [path for path in FILES if path.parent.name == "accepted" and expected(path, checker)]
