"""`experimaestro find-launchers`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from tests.launcherfinder.conftest import CHOOSES

if TYPE_CHECKING:
    from tests.conftest import Place


def test_launcher_is_printed(place: Place) -> None:
    place.write({"home/.config/experimaestro/launchers.py": CHOOSES})
    outcome = place.run("find-launchers", "cpu(cores=2)")
    assert (outcome.code, outcome.out, outcome.err) == (0, "DirectLauncher(LocalConnector)\n", "")


def test_this_machine_is_named_without_program(place: Place) -> None:
    outcome = place.run("find-launchers", "gpu()")
    assert (outcome.code, outcome.out) == (0, "DirectLauncher(LocalConnector)\n")
    assert outcome.err == "There is no launchers.py in ./home/.config/experimaestro: tasks run on this machine\n"


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("gpu(mem=4G)", "./conf/launchers.py: find_launcher found no launcher for 'gpu(mem=4G)'"),
        (
            "gpu(memory=4G)",
            "requirement 'gpu(memory=4G)', character 5: found 'memory', expected mem or ')'; did you mean 'mem'?",
        ),
    ],
)
def test_mistake_is_one_line(place: Place, spec: str, message: str) -> None:
    place.write({"conf/launchers.py": CHOOSES})
    outcome = place.run("find-launchers", "--config", "conf", spec)
    assert (outcome.code, outcome.out, outcome.err) == (1, "", f"Error: {message}\n")


def test_directory_must_exist(place: Place) -> None:
    outcome = place.run("find-launchers", "--config", "conf", "gpu()")
    assert outcome.code == 2
    assert "Directory 'conf' does not exist" in outcome.err


EXPERIMENT: Final = """\
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration
from experimaestro.launcherfinder import find_launcher


@configuration
class Exp(ConfigurationBase): ...


def run(helper: ExperimentHelper, cfg: Exp) -> None:
    print(find_launcher("cpu(cores=3)").max_jobs)
"""


def test_experiment_finds_the_launchers_of_its_directory(place: Place) -> None:
    place.write({"conf/launchers.py": CHOOSES, "experiment.py": EXPERIMENT, "exp.yaml": "id: exp\n"})
    outcome = place.run("run-experiment", "exp", "--xpm-config-dir", "conf", "--workdir", "ws", "--run-mode", "dry_run")
    assert (outcome.code, outcome.out) == (0, "3\n"), outcome.err


def test_mistake_of_an_experiment_is_told_with_its_line(place: Place) -> None:
    code = EXPERIMENT.replace("cores=3", "core=3")
    place.write({"experiment.py": code, "exp.yaml": "id: exp\n"})
    outcome = place.run("run-experiment", "exp", "--workdir", "ws")
    assert outcome.code == 1
    assert outcome.err.splitlines()[-2:] == [
        "Error: requirement 'cpu(core=3)', character 5: found 'core', expected mem, cores or ')'; did you mean 'cores'?",
        "  raised at ./experiment.py:10",
    ]
