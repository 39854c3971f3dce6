"""What type checkers find in plans, with no plugin, and what they leave alone.

Each program of `programs/wrong` has one mistake, on the lines marked ``# E: code``: a code of the plugin, or of mypy.
Its corrected twin is in `programs/fixed`; those of `programs/right` use what is documented. `found.toml` says which
mistakes each checker finds, and where it is wrong: ``python -m tests.typing.score --rewrite`` writes it.
"""

from __future__ import annotations

import difflib
import json
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from tests.typing.checkers import (
    CHECKERS,
    PROGRAMS,
    executable,
    files,
    findings,
    is_found,
    marks,
    output,
    program_of,
    programs,
)

WRONG: Final = programs("wrong")
SOUND: Final = [f"{folder}/{name}" for folder in ("fixed", "right") for name in programs(folder)]
RECORDED: Final = tomllib.loads((Path(__file__).parent / "found.toml").read_text())


@pytest.fixture(params=CHECKERS)
def checker(request: pytest.FixtureRequest) -> str:
    name = str(request.param)
    if executable(name) is None:
        pytest.skip(f"{name} is not installed")
    return name


@pytest.mark.parametrize("program", WRONG)
def test_mistakes_are_found_as_recorded(checker: str, program: str) -> None:
    assert is_found(checker, program) == (program in RECORDED[checker]["found"])


@pytest.mark.parametrize("program", SOUND)
def test_only_what_types_cannot_say_is_wrongly_reported(checker: str, program: str) -> None:
    assert bool(findings(checker)[program]) == (program in RECORDED[checker]["wrongly_reported"])


def test_each_checker_finds_what_types_can_say(checker: str) -> None:
    assert len(RECORDED[checker]["found"]) >= 60


@cache
def rehearsal() -> dict[str, str]:
    failures: dict[str, str] = json.loads(output([sys.executable, "-m", "tests.typing.rehearsal"]))
    return failures


@pytest.mark.parametrize("program", SOUND)
def test_programs_without_mistake_can_be_planned(program: str) -> None:
    assert rehearsal().get(program, "") == ""


@pytest.mark.parametrize("program", WRONG)
def test_twins_differ_by_the_correction_only(program: str) -> None:
    assert marks(program)
    changed = 0
    for file in [path for path in sources(program) if program_of(path) == program]:
        before = [line.partition("  # E:")[0] for line in file.read_text().splitlines()]
        after = (PROGRAMS / "fixed" / file.relative_to(PROGRAMS / "wrong")).read_text().splitlines()
        assert "# E:" not in "\n".join(after)
        changed += sum(line[0] == "+" for line in difflib.unified_diff(before, after, n=0, lineterm="")) - 1
    assert changed <= 5


def sources(program: str) -> list[Path]:
    folder = PROGRAMS / "wrong"
    return [*files("wrong", program), *folder.glob(f"{program}*.yaml"), *(folder / program).glob("*.yaml")]


def test_each_check_of_the_plugin_has_programs() -> None:
    codes = [code for program in WRONG for mark in marks(program) for code in mark.codes if code.startswith("xpm-")]
    assert [code for code in sorted(set(codes)) if codes.count(code) < 3] == []
    assert len(set(codes)) >= 33
