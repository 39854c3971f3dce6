"""YAML files change without the Python code: what mypy kept of a module counts no more, and the daemon begins again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.plugin.projects import Project

FILES = {
    "pyproject.toml": "",
    "lab/__init__.py": "",
    "lab/model.py": """\
from experimaestro.experiments import configuration


@configuration
class Model:
    layers: int = 3
""",
    "lab/parameters.py": """\
from experimaestro.experiments import ConfigurationBase, configuration
from experimaestro.experiments.grid import GridSearch
from lab.model import Model


@configuration
class Plan(ConfigurationBase):
    rate: GridSearch[float]
    model: Model = Model()
""",
    "lab/plan.py": """\
from experimaestro.experiments import ExperimentHelper
from lab.parameters import Plan


def run(helper: ExperimentHelper, cfg: Plan) -> None:
    print(cfg)
""",
    "conf/base.yaml": "module: lab.plan\nmodel: {layers: 1}\n",
    "conf/plan.yaml": "imports: [base]\nid: x\nrate: [1, 2]\n",
}

WRONG_RATE = "conf/plan.yaml:3:11: rate.1: found 'two', expected float"
WRONG_BASE = "conf/base.yaml:2:9: model.layer: unknown key; did you mean 'layers'?"
WRONG_CLASS = "conf/base.yaml:2:9: model.layers: unknown key (known: depth)"
MISSING_FILE = "conf/plan.yaml:1:11: imports: basis: no such file; did you mean 'base'?"

EDITS: list[tuple[dict[str, str], list[str]]] = [
    ({}, []),
    ({"conf/plan.yaml": "imports: [base]\nid: x\nrate: [1, two]\n"}, [WRONG_RATE]),
    ({"conf/base.yaml": "module: lab.plan\nmodel: {layer: 1}\n"}, [WRONG_BASE, WRONG_RATE]),
    ({"conf/plan.yaml": FILES["conf/plan.yaml"]}, [WRONG_BASE]),
    ({"conf/base.yaml": FILES["conf/base.yaml"]}, []),
    (
        {
            "lab/model.py": FILES["lab/model.py"].replace(
                "layers: int = 3", "depth: int = 3  # of another size: mypy compares sizes and seconds"
            )
        },
        [WRONG_CLASS],
    ),
    ({"lab/model.py": FILES["lab/model.py"]}, []),
    (
        {"conf/plan.yaml": "module: lab.plan\nimports: [basis]\nid: x\nrate: 1\n"},
        [MISSING_FILE.replace("1:11", "2:11")],
    ),
    ({"conf/basis.yaml": "model: {layers: 2}\n"}, []),
]
"""What is written, and what is told then."""


def follow(project: Project, said: Callable[[], list[str]]) -> None:
    for files, expected in EDITS:
        project.write(files)
        assert said() == expected
        assert said() == expected  # with what is known by now


@pytest.mark.parametrize("options", [[], ["-n", "2"]], ids=["one process", "workers"])
def test_each_edit_counts_in_the_next_run(tmp_path: Path, options: list[str]) -> None:
    project = Project(tmp_path, FILES)
    follow(project, lambda: project.messages(*options, "-p", "lab"))


def test_each_edit_counts_in_the_daemon(tmp_path: Path) -> None:
    project = Project(tmp_path, FILES)
    try:
        follow(project, lambda: project.messages("run", "--", "-p", "lab", program="mypy.dmypy"))
    finally:
        project.run("stop", program="mypy.dmypy")


def test_only_the_module_of_the_files_is_checked_again(tmp_path: Path) -> None:
    project = Project(tmp_path, {**FILES, "lab/other.py": "from lab.model import Model\n\nMODEL = Model()\n"})
    project.run("-p", "lab")
    project.write({"conf/plan.yaml": "imports: [base]\nid: x\nrate: [1, two]\n"})
    verbose = project.run("-v", "-p", "lab").stderr
    written = {line.split()[2] for line in verbose.splitlines() if line.startswith("LOG:  Writing lab.")}
    assert written == {"lab.plan"}
