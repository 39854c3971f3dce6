"""A user who describes launchers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from experimaestro.launcherfinder import LauncherRegistry

CHOOSES: Final = """\
from experimaestro.launcherfinder import CPUSpecification, HostRequirement, HostSpecification
from experimaestro.launchers import Launcher
from experimaestro.launchers.direct import DirectLauncher

HOST = HostSpecification(cpu=CPUSpecification(memory=8 * 10**9, cores=4))


def find_launcher(requirements: HostRequirement, tags: set[str] = set()) -> Launcher | None:
    match = requirements.match(HOST)
    if match is None or "cluster" in tags:
        return None
    return DirectLauncher(max_jobs=match.requirement.cpu.cores)
"""


@pytest.fixture
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty configuration directory."""
    monkeypatch.setenv("XPM_WORKDIR", str(tmp_path / "local"))
    monkeypatch.setattr(LauncherRegistry, "INSTANCES", {})
    directory = tmp_path / "config"
    directory.mkdir()
    LauncherRegistry.set_config_dir(directory)
    yield directory
    LauncherRegistry.set_config_dir(None)
