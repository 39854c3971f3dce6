"""Importing the package is cheap: heavy libraries wait for the room that needs them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
HEAVY: Final = ["asyncio", "attr", "cattrs", "click", "git", "mypy", "psutil", "rich", "yaml"]


def loaded_by(statement: str) -> list[str]:
    """Returns the heavy libraries that a statement loads in a new interpreter."""
    script = f"import sys; before = set(sys.modules)\n{statement}\nprint(*(set(sys.modules) - before))"
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    return sorted(set(done.stdout.split()) & set(HEAVY))


@pytest.mark.parametrize(
    "statement",
    [
        "import experimaestro",
        "from experimaestro import Config, Task, Param, field",
        "from experimaestro import Config, Task, Param, field, experiment",
        "from experimaestro import Meta, Param, Path, PathGenerator, Task, experiment, field, progress, tag, tqdm",
    ],
)
def test_what_the_modules_of_tasks_import_is_light(statement: str) -> None:
    assert loaded_by(statement) == []


def test_heavy_libraries_are_seen() -> None:
    assert loaded_by("import asyncio, yaml") == ["asyncio", "yaml"]
