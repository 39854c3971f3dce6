"""`experimaestro launchers direct generate`: the files for one machine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from experimaestro import LauncherRegistry
from experimaestro.launcherfinder.generation import SmallMachineError, files_of
from experimaestro.launcherfinder.machine import Machine, UnknownAcceleratorsError, parse_memories, this_machine

if TYPE_CHECKING:
    from tests.conftest import Place

GIB: Final = 2**30
SERVER: Final = Machine(memory=18 * GIB, cores=8, cuda=(24 * GIB, 24 * GIB))
LAPTOP: Final = Machine(memory=18 * GIB, cores=8, is_unified=True)


class Dependencies(list[object]):
    add = list[object].append


class Submitted:
    """A job, as listeners see it."""

    def __init__(self) -> None:
        self.dependencies = Dependencies()
        self.path = Path()


def write(machine: Machine, directory: Path) -> None:
    for name, text in files_of(machine).items():
        (directory / name).write_text(text)


@pytest.mark.parametrize(
    ("machine", "requirement", "units"),
    [
        (SERVER, "duration=1h", {}),
        (SERVER, "cpu(mem=1MiB)", {"memory": 1}),
        (SERVER, "cpu(mem=1GiB)", {"memory": 4}),
        (SERVER, "cuda(mem=24GiB) * 2 & cpu(mem=16GiB)", {"memory": 64, "gpu": 2}),
        (SERVER, "cpu(mem=17GiB)", None),
        (SERVER, "gpu() * 3", None),
        (SERVER, "cpu(cores=9)", None),
        (LAPTOP, "mps(mem=8GiB) & cpu(mem=8GiB)", {"memory": 64}),
        (LAPTOP, "mps(mem=8GiB) & cpu(mem=9GiB)", None),
        (Machine(memory=18 * GIB, cores=8), "gpu()", None),
    ],
)
def test_jobs_take_what_they_ask_for(
    directory: Path, machine: Machine, requirement: str, units: dict[str, int] | None
) -> None:
    write(machine, directory)
    launcher = LauncherRegistry.instance().find(requirement)
    job = Submitted()
    if launcher is not None:
        launcher.on_submit(job)  # type: ignore[arg-type]
    taken = {need.token.name: need.count for need in job.dependencies}  # type: ignore[attr-defined]
    assert (taken if launcher is not None else None) == units


def test_tokens_are_what_the_machine_has(directory: Path) -> None:
    write(SERVER, directory)
    registry = LauncherRegistry.instance()
    assert (registry.getToken("memory").total, registry.getToken("gpu").total) == (64, 2)


def test_something_must_be_left_for_jobs() -> None:
    with pytest.raises(SmallMachineError, match="found 2048 MiB of memory, expected 2304 or more"):
        files_of(Machine(memory=2 * GIB, cores=1))


def test_memory_of_accelerators_is_read() -> None:
    assert parse_memories("24576\n 81920\n\n") == (24 * GIB, 80 * GIB)
    with pytest.raises(UnknownAcceleratorsError, match=r"found '\[N/A\]', expected the memory of an accelerator"):
        parse_memories("24576\n[N/A]\n")


def fake_tool(directory: Path, script: str) -> None:
    directory.mkdir()
    tool = directory / "nvidia-smi"
    tool.write_text(f"#!/bin/sh\n{script}\n")
    tool.chmod(0o755)


def test_accelerators_of_this_machine_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_tool(tmp_path / "bin", '[ "$1" = --query-gpu=memory.total ] && echo 1024 && echo 2048')
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=":")
    machine = this_machine()
    assert machine.cuda == (GIB, 2 * GIB)
    assert machine.memory > 0
    assert machine.cores >= 1


def test_tool_that_fails_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_tool(tmp_path / "bin", "echo no driver >&2; exit 9")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=":")
    with pytest.raises(UnknownAcceleratorsError, match="nvidia-smi failed: no driver"):
        this_machine()


def test_files_are_written_once(place: Place) -> None:
    first = place.run("launchers", "direct", "generate", "-o", "conf/launchers.py")
    assert (first.code, first.out.split()) == (0, ["conf/launchers.py", "conf/tokens.yaml"])
    place.write({"conf/launchers.py": "mine"})
    again = place.run("launchers", "direct", "generate", "-o", "conf/launchers.py")
    assert (again.code, again.out) == (1, "")
    assert again.err.startswith("Error: already there: conf/launchers.py, conf/tokens.yaml (--force overwrites")
    assert (place.directory / "conf/launchers.py").read_text() == "mine"
    assert place.run("launchers", "direct", "generate", "-f", "-o", "conf/launchers.py").code == 0
    found = place.run("find-launchers", "--config", "conf", "cpu(mem=100M)")
    assert (found.code, found.out) == (0, "DirectLauncher(LocalConnector)\n")
