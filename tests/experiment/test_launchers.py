"""Which launcher runs a task, and what launchers that are found ask of jobs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from lab import Journal, Step

from experimaestro import LauncherRegistry, set_launcher
from experimaestro.launcherfinder import find_launcher
from experimaestro.launchers import DirectLauncher, DynamicLauncher
from experimaestro.scheduler.experiment import NoExperimentError
from experimaestro.scheduler.job import JobDependency
from tests.experiment.conftest import Enter, Eventually

TAKES_TOKENS: Final = """\
from experimaestro.launcherfinder.registry import LauncherRegistry
from experimaestro.launchers.direct import DirectLauncher
from experimaestro.connectors.local import LocalConnector


def find_launcher(requirements, tags=set()):
    token = LauncherRegistry.instance().getToken("memory")
    launcher = DirectLauncher(connector=LocalConnector.instance(), max_jobs=None)
    launcher.addListener(lambda job: job.dependencies.add(token.dependency(2)))
    return launcher
"""
"""As what release 2.7 generates."""


@pytest.fixture
def configuration(tmp_path: Path) -> Iterator[Path]:
    directory = tmp_path / "config"
    directory.mkdir()
    LauncherRegistry.set_config_dir(directory)
    yield directory
    LauncherRegistry.set_config_dir(None)


def test_launcher_of_an_experiment_may_change(enter: Enter, journal: Journal) -> None:
    first, second = DirectLauncher(), DirectLauncher()
    with enter(launcher=first) as xp:
        for number in range(3):
            Step.C(number=number, journal=journal.path).submit(launcher=first if number == 2 else None)
            set_launcher(second)
        launchers = [job.launcher for job in xp.jobs.values()]
    assert launchers == [first, second, first]
    assert xp.workspace.launcher is second


def test_launcher_is_set_within_an_experiment() -> None:
    with pytest.raises(NoExperimentError):
        set_launcher(DirectLauncher())


def test_jobs_take_the_tokens_that_their_launcher_asks_for(
    enter: Enter, eventually: Eventually, journal: Journal, tmp_path: Path, configuration: Path
) -> None:
    (configuration / "launchers.py").write_text(TAKES_TOKENS)
    (configuration / "tokens.yaml").write_text("countertoken: {memory: {tokens: 4}}")
    gate = tmp_path / "gate"
    with enter():
        for number in range(4):
            Step.C(number=number, journal=journal.path, gate=gate).submit(launcher=find_launcher("cpu(mem=1G)"))
        eventually(lambda: len(journal.numbers("start")) == 2)
        assert LauncherRegistry.instance().getToken("memory").available == 0
        gate.touch()
    assert journal.most_at_once() == 2
    assert LauncherRegistry.instance().getToken("memory").available == 4


def test_tokens_are_taken_when_the_launcher_is_chosen_among_several(
    enter: Enter, journal: Journal, configuration: Path
) -> None:
    (configuration / "launchers.py").write_text(TAKES_TOKENS)
    (configuration / "tokens.yaml").write_text("countertoken: {memory: {tokens: 2}}")
    with enter(launcher=DynamicLauncher([find_launcher("cpu()"), find_launcher("cpu()")])):
        for number in range(3):
            Step.C(number=number, journal=journal.path).submit()
    assert (journal.most_at_once(), len(journal.numbers("end"))) == (1, 3)


def test_listener_makes_a_job_wait_for_another(enter: Enter, journal: Journal, tmp_path: Path) -> None:
    gate, launcher = tmp_path / "gate", DirectLauncher()
    with enter() as xp:
        Step.C(number=1, journal=journal.path, gate=gate).submit()
        [first] = xp.jobs.values()
        launcher.addListener(lambda job: job.dependencies.add(JobDependency(first)))
        Step.C(number=2, journal=journal.path).submit(launcher=launcher)
        gate.touch()
    assert [line.number for line in journal.lines()] == [1, 1, 2, 2]


def test_launchers_of_this_machine_have_one_limit_together(
    enter: Enter, eventually: Eventually, journal: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("experimaestro.launchers.direct.USABLE_CPUS", 2)
    gate = tmp_path / "gate"
    with enter():
        for number in range(2):
            Step.C(number=number, journal=journal.path, gate=gate).submit(launcher=find_launcher("cpu()"))
            Step.C(number=10 + number, journal=journal.path, gate=gate).submit(launcher=DirectLauncher())
        eventually(lambda: len(journal.numbers("start")) == 2)
        gate.touch()
    assert journal.most_at_once() == 2
