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
MISSING_FILE = "conf/plan.yaml:1:11: imports.0: basis: no such file; did you mean 'base'?"

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


TWO = {
    "lab/__init__.py": "",
    "lab/dense.py": """\
from experimaestro import Config, Param


class Dense(Config):
    __xpmid__ = "lab.model"
    size: Param[int]
""",
    "lab/sparse.py": """\
from experimaestro import Config, Param


class Sparse(Config):
    __xpmid__ = "lab.sparse"
    size: Param[int]
""",
    "lab/plan.py": "from lab.dense import Dense\nfrom lab.sparse import Sparse\n\nprint(Dense.C(size=1), Sparse.C(size=2))\n",
}
ONE = "Sparse has the identifier 'lab.model' of Dense in lab/dense.py: their results would be one"
OTHER = "Dense has the identifier 'lab.model' of Sparse in lab/sparse.py: their results would be one"
SAME = TWO["lab/sparse.py"].replace("lab.sparse", "LAB.model")
NAMES: list[tuple[dict[str, str], set[str]]] = [
    ({}, set()),
    ({"lab/sparse.py": SAME}, {ONE, OTHER}),
    ({"lab/dense.py": TWO["lab/dense.py"] + "\n# edited\n"}, {ONE, OTHER}),
    ({"copies/lab/sparse.py": SAME.replace("Sparse", "Copy")}, {ONE, OTHER}),
    ({"lab/sparse.py": TWO["lab/sparse.py"]}, set()),
]
"""What is written, and what is told then, of two modules that do not import one another."""


def follow_names(project: Project, said: Callable[[], list[str]]) -> None:
    for files, expected in NAMES:
        project.write(files)
        assert set(said()) == expected
        assert set(said()) == expected


@pytest.mark.parametrize("options", [[], ["-n", "2"]], ids=["one process", "workers"])
def test_identifiers_of_all_modules_count_in_the_next_run(tmp_path: Path, options: list[str]) -> None:
    project = Project(tmp_path, TWO)
    follow_names(project, lambda: project.messages(*options, "-p", "lab"))


def test_identifiers_of_all_modules_count_in_the_daemon(tmp_path: Path) -> None:
    project = Project(tmp_path, TWO)
    try:
        follow_names(project, lambda: project.messages("run", "--", "-p", "lab", program="mypy.dmypy"))
    finally:
        project.run("stop", program="mypy.dmypy")
