"""The help: fast, right, and helpful for those who mistype."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
from click.testing import CliRunner, Result

from experimaestro.cli import COMMANDS, cli
from experimaestro.exceptions import HandledException, did_you_mean

ROOT: Final = Path(__file__).parents[2]


def call(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments, prog_name="experimaestro")


@pytest.mark.parametrize(
    ("arguments", "heavy"),
    [
        (["--help"], {"attr", "cattrs", "yaml", "rich", "asyncio", "git", "platformdirs"}),
        (["version"], {"attr", "cattrs", "yaml", "rich", "asyncio", "git", "platformdirs"}),
        (["run-experiment", "--help"], {"cattrs", "yaml", "rich", "asyncio", "git", "platformdirs"}),
    ],
)
def test_help_imports_nothing_heavy(arguments: list[str], heavy: set[str]) -> None:
    script = (
        f"import sys\nfrom experimaestro.cli import cli\ncli({arguments}, standalone_mode=False)\nprint(*sys.modules)"
    )
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True)
    assert not heavy & set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize("name", COMMANDS)
def test_line_of_a_command_is_the_first_of_its_own_help(name: str) -> None:
    line = COMMANDS[name].help
    assert line in call("--help").output
    assert line in call(name, "--help").output


@pytest.mark.parametrize("command", [["-h"], *([name, "-h"] for name in COMMANDS), ["jobs", "log", "-h"]])
def test_every_command_has_help(command: list[str]) -> None:
    outcome = call(*command)
    assert outcome.exit_code == 0
    assert outcome.output.startswith(f"Usage: {' '.join(['experimaestro', *command[:-1]])} ")


@pytest.mark.parametrize(("arguments", "meant"), [(["job", "list"], "jobs"), (["jobs", "lst"], "list")])
def test_command_that_is_not_there(arguments: list[str], meant: str) -> None:
    outcome = call(*arguments)
    assert outcome.exit_code == 2
    assert outcome.stderr.splitlines()[-1].endswith(f"; did you mean {meant!r}?")


def test_debug_shows_where_an_error_comes_from(tmp_path: Path) -> None:
    arguments = ["jobs", "list", "--workdir", str(tmp_path)]
    assert call(*arguments).stderr.startswith("Error: ")
    assert isinstance(call("--debug", *arguments).exception, HandledException)


@pytest.mark.parametrize(
    ("name", "known", "hint"),
    [
        ("LR", ["lr", "LRs"], "; did you mean 'lr'?"),
        ("lr", ["LR", "lrs"], "; did you mean 'LR'?"),
        ("epoch", ["Epochs", "epochs"], "; did you mean 'epochs'?"),
        ("Epoch", ["Epochs", "epochs"], "; did you mean 'Epochs'?"),
        ("temp", ["pool", "temperature"], "; did you mean 'temperature'?"),
        ("opt", ["optimizer.lr", "optimizer"], "; did you mean 'optimizer'?"),
        ("te", ["temperature"], ""),
        ("zzz", ["lr"], ""),
        ("lr", [], ""),
    ],
)
def test_nearest_name_is_found_whatever_its_case(name: str, known: list[str], hint: str) -> None:
    assert did_you_mean(name, known) == hint
