"""The digits example, on a small grid."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

pytest.importorskip("sklearn", reason="the example needs the extra `examples`")

ROOT: Final = Path(__file__).parents[2]
DIGITS: Final = ROOT / "docs/examples/digits"
SMALL: Final = ["-c", "hidden=[0, 8]", "-c", "regularization=[1e-2]", "-c", "epochs=20"]


def run_digits(workspace: Path, home: Path, *options: str) -> str:
    """Returns what the example prints."""
    command = ["run-experiment", "--workdir", str(workspace), str(DIGITS / "full.yaml"), *options]
    done = subprocess.run(
        [sys.executable, "-m", "experimaestro", *command],
        env={**os.environ, "PYTHONPATH": str(ROOT), "HOME": str(home), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def finished(workspace: Path) -> dict[Path, int]:
    """The marker of each job that is done, with the time of its last change."""
    return {path: path.stat().st_mtime_ns for path in workspace.glob("jobs/*/*/*.done")}


def test_digits_are_learned_once(tmp_path: Path) -> None:
    workspace = tmp_path / "workspace"
    table = run_digits(workspace, tmp_path, *SMALL)
    jobs = finished(workspace)
    assert len(jobs) == 5, "one data set, two networks to learn and two to evaluate"

    header, *rows = table.splitlines()
    assert header.split() == ["accuracy", "hidden", "regularization"]
    assert sorted(row.split()[1:] for row in rows) == [["0", "0.01"], ["8", "0.01"]]
    assert all(float(row.split()[0]) > 0.5 for row in rows), "much better than chance"

    assert run_digits(workspace, tmp_path, *SMALL) == table
    assert finished(workspace) == jobs, "the second run does no work"


def test_dry_run_leaves_no_job(tmp_path: Path) -> None:
    run_digits(tmp_path / "workspace", tmp_path, "--run-mode", "dry_run")
    assert not list(tmp_path.glob("workspace/jobs/*/*"))
