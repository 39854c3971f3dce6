"""Requirements that `find_launcher` gets from the configuration of an experiment."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from tests.plugin.projects import Project, Said

HEADER: Final = """\
from experimaestro import Launcher
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration
from experimaestro.launcherfinder import find_launcher


@configuration
class Needs:
    train: str
    index: str | None = None


@configuration
class Plan(ConfigurationBase):
    needs: Needs
    name: str = "gpu"


"""
YAML: Final = """\
id: x
needs:
  train: cuda(mem=24Go)
  index: cuda()
"""
WRONG: Final = "{name}.yaml:4:10: needs.train: requirement 'cuda(mem=24Go)', character 12: found 'Go'"
RUN: Final = "def run(helper: ExperimentHelper, cfg: Plan) -> None:\n"

READ: Final = {
    "directly": RUN + "    find_launcher(cfg.needs.train)\n",
    "by a local name": RUN + "    needs = cfg.needs.train\n    find_launcher(needs)\n",
    "in a loop": RUN + "    print([find_launcher(cfg.needs.train) for _ in range(3)])\n",
    "when there is one": RUN + "    print(find_launcher(cfg.needs.train) if cfg.needs.train else None)\n",
    "beside another": RUN
    + "    if cfg.needs.index is not None:\n        find_launcher(cfg.needs.index, cfg.needs.train)\n"
    "    find_launcher(cfg.needs.train)\n",
}
IN_FUNCTION: Final = (
    "def launcher(cfg: Plan) -> Launcher:\n    return find_launcher(cfg.needs.train)\n\n\n"
    + RUN
    + "    launcher(cfg)\n"
)
SILENT: Final = {
    "not read as a requirement": RUN + "    print(cfg.needs.train)\n",
    "replaced": RUN + "    cfg.needs.train = 'cpu()'\n    find_launcher(cfg.needs.train)\n",
    "of another configuration": RUN
    + "    cfg = Plan(id='y', needs=Needs(train='cpu()'))\n    find_launcher(cfg.needs.train)\n",
    "a name that stands for two": RUN + "    needs = cfg.needs.train\n    needs = 'cpu()'\n    find_launcher(needs)\n",
    "behind a condition": RUN + "    if cfg.name == 'gpu':\n        find_launcher(cfg.needs.train)\n",
    "behind what looks at it": RUN
    + "    if cfg.needs.train == 'local':\n        return\n    find_launcher(cfg.needs.train)\n",
    "chosen by what looks at it": RUN
    + "    local = None if cfg.needs.train == 'local' else 1\n    find_launcher(cfg.needs.train)\n    print(local)\n",
    "errors are caught": RUN
    + "    try:\n        find_launcher(cfg.needs.train)\n    except Exception:\n        pass\n",
    "in a function that nobody calls": IN_FUNCTION.replace("    launcher(cfg)", "    print(cfg)"),
    "in a function that is called sometimes": IN_FUNCTION.replace(
        "    launcher(cfg)", "    if cfg.name == 'gpu':\n        launcher(cfg)"
    ),
    "what is right": RUN + "    if cfg.needs.index:\n        find_launcher(cfg.needs.index)\n",
}
PROGRAMS: Final = {**READ, "in a function": IN_FUNCTION, **SILENT}


def name_of(case: str) -> str:
    return f"p{list(PROGRAMS).index(case):02}"


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> list[Said]:
    files = {f"{name_of(case)}.py": HEADER + text for case, text in PROGRAMS.items()}
    yaml = {f"{name_of(case)}.yaml": f"file: {name_of(case)}\n{YAML}" for case in PROGRAMS}
    return Project(tmp_path_factory.mktemp("configured"), {**files, **yaml}).said(".")


def of(said: list[Said], case: str) -> list[Said]:
    return [each for each in said if each.file == f"{name_of(case)}.py"]


@pytest.mark.parametrize("case", [*READ, "in a function"])
def test_a_requirement_in_a_file_is_told_at_the_function_that_reads_it(said: list[Said], case: str) -> None:
    [found] = of(said, case)
    function = "def launcher(" if case == "in a function" else "def run("
    assert (HEADER + PROGRAMS[case]).splitlines()[found.line - 1].startswith(function)
    assert found.code == "xpm-launcher"
    assert found.message.startswith(WRONG.format(name=name_of(case)))


@pytest.mark.parametrize("case", SILENT)
def test_what_is_perhaps_no_requirement_is_not_told(said: list[Said], case: str) -> None:
    assert of(said, case) == []


def test_a_default_is_told_where_it_stands_whatever_the_files_say(tmp_path: Path) -> None:
    program = (HEADER + READ["directly"]).replace("train: str", 'train: str = "cuda(mem=24Go)"')
    files = {"plan.py": program, "plan.yaml": "file: plan\nid: x\nneeds: {train: cpu()}\n"}
    [found] = Project(tmp_path, files).said("plan.py")
    assert "train: str =" in program.splitlines()[found.line - 1]
    assert found.code == "xpm-launcher"
