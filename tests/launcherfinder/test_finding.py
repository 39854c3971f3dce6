"""From a requirement to a launcher, by the program of the user."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from experimaestro import LauncherRegistry
from experimaestro.launcherfinder import InvalidRequirementError, LauncherNotFoundError, cpu, find_launcher, gpu
from experimaestro.launcherfinder.directory import EmptyRequestError, InvalidTagsError
from experimaestro.launcherfinder.program import LaunchersFileError
from experimaestro.launchers import DirectLauncher
from tests.launcherfinder.conftest import CHOOSES


def write(directory: Path, text: str) -> Path:
    path = directory / "launchers.py"
    path.write_text(text)
    return path


def test_this_machine_runs_everything_when_nobody_chooses(directory: Path) -> None:
    launcher = find_launcher("duration=1h & gpu(mem=4G) * 8")
    assert isinstance(launcher, DirectLauncher)
    assert find_launcher(cpu(cores=1000)) is launcher


def test_requirement_is_checked_even_when_nobody_chooses(directory: Path) -> None:
    with pytest.raises(InvalidRequirementError, match="did you mean 'gpu'"):
        find_launcher("cpu()", "gpus(mem=4G)")


def test_program_of_the_user_chooses(directory: Path) -> None:
    write(directory, CHOOSES)
    assert find_launcher("cpu(cores=3)").max_jobs == 3
    assert find_launcher(cpu(cores=2)).max_jobs == 2
    assert find_launcher(gpu() | cpu(cores=1)).max_jobs == 1


def test_first_requirement_that_has_a_launcher_is_taken(directory: Path) -> None:
    write(directory, CHOOSES)
    assert find_launcher("cpu(cores=9)", cpu(cores=4), "cpu(cores=1)").max_jobs == 4


def test_program_is_given_all_alternatives_and_the_tags(directory: Path) -> None:
    write(directory, "def find_launcher(requirements, tags):\n    raise ValueError(requirements, sorted(tags))\n")
    with pytest.raises(LaunchersFileError, match=re.escape("(Req(gpu() | cpu(cores=1)), ['a', 'b'])")):
        find_launcher("gpu() | cpu()", tags=("b", "a"))


def test_what_is_asked_for_is_named_when_nothing_has_it(directory: Path) -> None:
    path = write(directory, CHOOSES)
    with pytest.raises(LauncherNotFoundError) as caught:
        find_launcher("cpu( cores=2 )", "gpu()", tags={"cluster"})
    assert str(caught.value) == (
        f"{path}: find_launcher found no launcher for 'cpu(cores=2)', nor for 'gpu()' with tags cluster"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = 1\n1 / 0\n", ":2: ZeroDivisionError: division by zero"),
        ("x = = 1\n", ":1: SyntaxError: invalid syntax"),
        ("import absent_module\n", ":1: ModuleNotFoundError: No module named 'absent_module'"),
        (
            "def find_launchers(a, b): ...\n",
            ": no function find_launcher(requirements, tags); did you mean 'find_launchers'?",
        ),
        ("find_launcher = 3\n", ": found find_launcher = 3, expected a function find_launcher(requirements, tags)"),
        (
            "def find_launcher(requirements, tags):\n    return requirements.cores\n",
            ":2: find_launcher(requirements, tags) failed for 'cpu(cores=1)': "
            "AttributeError: 'RequirementUnion' object has no attribute 'cores'",
        ),
        (
            "def find_launcher(requirements): ...\n",
            ": find_launcher(requirements, tags) failed for 'cpu(cores=1)': "
            "TypeError: find_launcher() takes 1 positional argument but 2 were given",
        ),
        (
            "def find_launcher(requirements, tags): return 'slurm'\n",
            ": find_launcher(requirements, tags) returned 'slurm', expected a Launcher, or None",
        ),
    ],
)
def test_mistake_in_the_program_is_told_with_its_place(directory: Path, text: str, message: str) -> None:
    path = write(directory, text)
    with pytest.raises(LaunchersFileError) as caught:
        find_launcher("cpu()")
    assert str(caught.value) == f"{path}{message}"


def test_nothing_may_not_be_asked_for(directory: Path) -> None:
    with pytest.raises(EmptyRequestError, match="expected a requirement such as"):
        find_launcher()


def test_tags_are_a_set(directory: Path) -> None:
    write(directory, CHOOSES)
    with pytest.raises(InvalidTagsError, match=re.escape("found tags='slurm', expected a set such as {'slurm'}")):
        find_launcher("cpu()", tags="slurm")


def test_program_is_run_once(directory: Path) -> None:
    write(
        directory,
        f"from pathlib import Path\nwith Path({str(directory / 'runs')!r}).open('a') as f: f.write('x')\n{CHOOSES}",
    )
    for cores in (1, 2):
        LauncherRegistry.instance().find(cpu(cores=cores))
    assert (directory / "runs").read_text() == "x"


def test_directory_of_the_user_is_the_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert LauncherRegistry.instance().basepath == tmp_path / ".config/experimaestro"


@pytest.mark.parametrize(
    ("statement", "unwanted"),
    [
        ("from experimaestro.launcherfinder import find_launcher", {"dataclasses", "experimaestro.launchers"}),
        ("from experimaestro import LauncherRegistry", {"asyncio", "attr", "cattrs", "click", "git", "yaml"}),
    ],
)
def test_naming_what_finds_launchers_costs_a_job_little(statement: str, unwanted: set[str]) -> None:
    program = f"import sys; {statement}; print({unwanted!r} & set(sys.modules))"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=True)
    assert shown.stdout == "set()\n"
