"""Declarations of parameters, and what plans give them: `parameters.txt` has a mark beside each mistake."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pytest

from tests.plugin.programs import Finding, expected
from tests.plugin.test_programs import Checked, found

PLAN: Final = Path(__file__).parent / "parameters.txt"
PARENTS: Final = """\
from pathlib import Path

from experimaestro import Config, Constant, Meta, Param, PathGenerator, Task, field


class Base(Task):
    epochs: Param[int]
    last: Meta[Path] = field(default_factory=PathGenerator("model.pt"))

    def execute(self) -> None: ...


class Sized(Config):
    hidden: Param[int]
    version: Constant[int] = 1
"""
FILES: Final = {"parents.py": PARENTS, "plan.py": PLAN.read_text()}
WORDS: Final = (
    "seed of Split is no parameter; write seed: P[Optional[int]]",
    "fold of Split is no parameter; write fold: P[int | None]",
    "best of Child is './model.pt', which is last of Base already",
    "last of Base is a path that is generated, no plan can set it",
    "hidden = ... changes nothing for the parameter of Sized: write hidden: Param[...] = field(default=...",
    "field() takes keywords only: write field(default=...)",
    "write default_factory=sized_default, without calling it",
    "f of Fields: a generator is no value, write field(default_factory=PathGenerator('f'))",
    "Train has no parameter sed; did you mean seed?",
    'parameter teacher of Ensemble takes M, which is "Sized", not "Other"',
    'parameter numbers of Elements: List item 1 has incompatible type "str"',
    "every Student needs another one, through teacher",
    "Plain has no remaining_time(): only a ResumableTask has",
    "Prepare is a LightweightTask, it cannot be submitted: it runs in the init_tasks=[...] of a task",
    'takes plain data, as JSON knows them, not "set[int]": write list(...)',
)
"""What messages say, some of them."""


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Checked:
    return Checked(tmp_path_factory.mktemp("parameters"))


@pytest.fixture(scope="module")
def output(checked: Checked) -> str:
    """What mypy says when it knows nothing before."""
    return checked.output(FILES)


def ours(findings: set[Finding]) -> Sequence[tuple[int, str]]:
    return sorted((finding.line, finding.code) for finding in findings if finding.code.startswith("xpm-"))


def test_mistakes_are_found_on_their_line(output: str) -> None:
    assert ours(found(output)) == ours(expected(FILES))


def test_nothing_else_is_wrong(output: str) -> None:
    assert [finding for finding in found(output) if not finding.code.startswith("xpm-")] == []


def test_messages_say_what_to_write(output: str) -> None:
    assert [words for words in WORDS if words not in output] == []


def test_signatures_of_field_are_not_told(output: str) -> None:
    assert "overload" not in output


def test_the_same_is_found_when_the_parents_come_from_the_cache(checked: Checked, output: str) -> None:
    edited = {**FILES, "plan.py": FILES["plan.py"] + "\n# edited\n"}
    assert ours(found(checked.output(edited))) == ours(found(output))
