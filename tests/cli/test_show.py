"""``run-experiment --show``: what an experiment would be given, and where each value comes from."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from tests.conftest import Place

ROOT: Final = Path(__file__).parents[2]

FILES: Final = {
    "exp.yaml": "imports: [base]\nid: exp\nlr: ${rate}\nmodel: {$type: 'experiment:Deep', depth: 3}\n",
    "base.yaml": "rate: 1e-3\n",
    "experiment.py": """\
from experimaestro import Config, Param
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration

print("imported")


class Model(Config):
    pass


class Deep(Model):
    depth: Param[int]


@configuration
class Exp(ConfigurationBase):
    rate: float
    lr: float
    model: Model


def run(helper: ExperimentHelper, cfg: Exp) -> None:
    print("run", cfg.lr, cfg.model.depth, cfg.model.__xpm__.where())
""",
}


@pytest.mark.parametrize("option", ["--show", "--show=json"])
def test_json_is_all_that_is_printed(place: Place, option: str) -> None:
    place.write(FILES)
    outcome = place.run("run-experiment", option, "exp.yaml")
    assert (outcome.code, outcome.err) == (0, "imported\n")
    assert json.loads(outcome.out) == {
        "rate": 1e-3,
        "imports": ["base"],
        "id": "exp",
        "lr": 1e-3,
        "model": {"$type": "experiment:Deep", "depth": 3},
    }


def test_yaml_is_a_file_of_the_same_experiment(place: Place) -> None:
    place.write(FILES)
    text = place.run("run-experiment", "--show=yaml", "exp", "-c", "model.depth=5").out
    place.write({"again.yaml": text})
    assert place.run("run-experiment", "--show=yaml", "again").out == text
    assert "  depth: 5\n" in text


def test_the_origin_of_each_value_is_shown(place: Place) -> None:
    place.write(FILES)
    outcome = place.run("run-experiment", "exp", "--show=origin", "-c", "model.depth=5")
    assert outcome.out.splitlines() == [
        "base.yaml:1:7: rate: 1e-3",
        'exp.yaml:1:11: imports.0: "base"',
        'exp.yaml:2:5: id: "exp"',
        "exp.yaml:3:5: lr: 1e-3",
        'exp.yaml:4:16: model.$type: "experiment:Deep"',
        "-c model.depth=5: model.depth: 5",
    ]


def test_what_is_not_valid_is_not_shown(place: Place) -> None:
    place.write(FILES)
    outcome = place.run("run-experiment", "--show=origin", "exp", "-c", "model.deph=5")
    assert (outcome.code, outcome.out) == (1, "")
    assert "-c model.deph=5: model.deph: unknown key; did you mean 'depth'?" in outcome.err


def test_an_unknown_format_is_refused(place: Place) -> None:
    outcome = place.run("run-experiment", "--show=xml", "exp")
    assert outcome.code == 2
    assert "'xml' is not one of 'json', 'yaml', 'origin'" in outcome.err


def test_configurations_of_the_file_reach_the_plan(place: Place) -> None:
    place.write(FILES)
    outcome = place.run("run-experiment", "--workdir", "ws", "exp")
    assert outcome.out.splitlines()[-1] == "run 0.001 3 ./exp.yaml:4"


def test_what_runs_jobs_is_not_imported(place: Place) -> None:
    place.write(FILES)
    script = "import sys\nsys.argv[1:] = ['run-experiment', '--show', 'exp']\nfrom experimaestro.cli import cli\n"
    script += "try: cli()\nfinally: print(*sys.modules, file=sys.stderr)\n"
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=place.directory,
        env={**os.environ, **place.environment, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    modules = set(done.stderr.split())
    assert "experiment" in modules
    runs_jobs = (
        "experimaestro.scheduler",
        "experimaestro.launcher",
        "experimaestro.connectors",
        "experimaestro.workspace",
    )
    assert not {name for name in modules if name.startswith(runs_jobs)} | (modules & {"asyncio", "rich"})
