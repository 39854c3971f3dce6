"""Running nothing: what each run mode leaves."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from lab import Download, Journal, Step, Use

from experimaestro import RunMode, experiment, tag
from experimaestro.scheduler.experiment import NoResultsError
from tests.experiment.conftest import Enter


def tree(directory: Path) -> set[str]:
    return {str(path.relative_to(directory)) for path in directory.rglob("*")}


def plan(xp: experiment, journal: Journal) -> None:
    with xp:
        first = Step.C(number=tag(1), journal=journal.path).submit()
        Step.C(number=tag(2), journal=journal.path, needs=[first]).submit()


def test_a_dry_run_creates_nothing(enter: Enter, journal: Journal, tmp_path: Path) -> None:
    before = tree(tmp_path)
    plan(enter(run_mode=RunMode.DRY_RUN), journal)
    assert tree(tmp_path) == before


def test_a_dry_run_says_what_would_be_done(enter: Enter, journal: Journal, capfd: pytest.CaptureFixture[str]) -> None:
    with enter():
        Step.C(number=1, journal=journal.path).submit()
    capfd.readouterr()
    plan(enter(run_mode=RunMode.DRY_RUN), journal)
    first, _, nothing, _, second, _, dependency, *_ = capfd.readouterr().err.splitlines()
    identifier = first.removeprefix("[done] Simulating lab.step/").removesuffix(" (number=1)")
    assert nothing == "   [No dependencies]"
    assert second.startswith("[not run] Simulating lab.step/")
    assert second.endswith(" (number=2)")
    assert dependency == f"   [Dependency] Dep[Job[lab.step/{identifier[:8]}]]"


def test_generating_leaves_jobs_that_can_be_run_by_hand(enter: Enter, workspace: Path, journal: Journal) -> None:
    with enter(run_mode=RunMode.GENERATE_ONLY):
        directory = Step.C(number=1, journal=journal.path).submit().job.path
    job = f"jobs/lab.step/{directory.name}"
    files = {f"{job}/{name}" for name in ("params.json", "step.py", ".experimaestro", ".experimaestro/identity.json")}
    assert tree(workspace) == {"jobs", "jobs/lab.step", job, *files}
    subprocess.run([sys.executable, directory / "step.py"], check=True)
    assert journal.numbers("end") == [1]
    with enter():
        Step.C(number=1, journal=journal.path).submit()
    assert journal.numbers("start") == [1]


def test_preparing_runs_preparations_only(
    enter: Enter, workspace: Path, journal: Journal, capfd: pytest.CaptureFixture[str]
) -> None:
    with enter(run_mode=RunMode.PREPARE):
        for number in (1, 2):
            Use.C(number=number, journal=journal.path, data=Download.C(number=7, journal=journal.path)).submit()
    assert journal.lines() == [("prepare", 7)]
    assert not workspace.exists()
    heads = [line.split("]")[0] for line in capfd.readouterr().err.splitlines() if line.startswith("[")]
    assert heads == ["[prepare", "[prepare: nothing to do"]


@pytest.mark.parametrize("mode", [RunMode.DRY_RUN, RunMode.GENERATE_ONLY, RunMode.PREPARE])
def test_an_experiment_that_runs_nothing_has_no_results(enter: Enter, workspace: Path, mode: RunMode) -> None:
    with enter(run_mode=mode) as xp:
        assert xp.run_id == "dry-run"
        assert xp.workdir == workspace / "experiments" / "xp" / "dry-run"
        with pytest.raises(NoResultsError, match=r"run_mode == RunMode\.NORMAL"):
            _ = xp.resultspath


def test_one_task_can_be_generated_in_an_experiment_that_runs_the_others(enter: Enter, journal: Journal) -> None:
    with enter() as xp:
        other = Step.C(number=1, journal=journal.path).submit(run_mode=RunMode.GENERATE_ONLY)
        Step.C(number=2, journal=journal.path).submit()
    assert journal.numbers("end") == [2]
    assert (other.job.path / "params.json").exists()
    assert len(xp.jobs) == 1


def test_a_task_that_was_only_generated_can_be_needed(enter: Enter, journal: Journal) -> None:
    with enter():
        other = Step.C(number=1, journal=journal.path).submit(run_mode=RunMode.DRY_RUN)
        Step.C(number=2, journal=journal.path, needs=[other]).submit()
    assert journal.numbers("end") == [1, 2]


def test_the_mode_may_be_given_by_its_word(enter: Enter) -> None:
    assert enter(run_mode="dry-run").run_mode is RunMode.DRY_RUN
