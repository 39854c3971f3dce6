"""Values to try: in `grid_search`, in fields of type `GridSearch[T]`, and in the commands of scripts."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from tests.plugin.compared import Compared
from tests.plugin.projects import Project, Said

GRIDS: Final = r"""
grid: 3
grid: [1, 2]
grid: [1, x]
grid: x
grid: []
grid: {range: [0, 6, 2]}
grid: {range: [0]}
grid: {range_mult: [1, 3, 10]}
grid: {range_mult: [1, 3, 0.5]}
grid: {rang: [0, 6]}
grid: {values_list: [1, x]}
grid: {value: x}
grid_float: {range_mult: [1e-3, 3, 10]}
grid_float: {range: [1, 3]}
grid_device: [cpu, gpu]
grid_device: [cpu, gup]
grid_list: [[1], [2]]
grid_list: [1, 2]
grid_layer: {size: 3}
grid_layer: [{size: 3}, {size: x}]
grid_layer: {value: {size: 3}}
grid_search: {grid_x: [1]}
grid_search: {a_int: [1, 2]}
grid_search: {a_int: [1, x]}
grid_search: {a_layer.size: [1, 2]}
grid_search: {a_layer.siz: [1, 2]}
grid_search: {alayer.sise: [1]}
grid_search: {alayer.zzz: [1]}
grid_search: {zzz.size: [1]}
grid_search: {a_int: 3}
grid_search: {a_int: {range: [0, 3]}}
grid_search: {a_int: {rang: [0, 3]}}
grid_search: {config_dicts: [{a_int: 1, a_str: x}, {a_int: 2, a_str: y}]}
grid_search: {config_dicts: [{a_int: 1, a_str: x}, {a_int: 2}]}
grid_search: {config_dicts: [{a_intt: 1}]}
grid_search: {config_dicts: [{a_int: x}]}
grid_search: {a_int: [1, 2], exclude: [{a_int: 1}]}
grid_search: {a_int: [1, 2], exclude: [{a_intt: 1}]}
grid_search: {a_int: [1, 2], exclude: {a_int: 1}}
grid_search: [1]
grid_search: {a_dict.k: [[1]]}
grid_search: {a_tuple.0: [1, 2]}
grid_search: {a_device: [cpu, gup]}
""".strip().splitlines()
"""Each is the line of a file; some are right."""

ELSEWHERE: Final = {
    "grid: {values_list: [1, x]}": ["3:25: grid.values_list.1: found 'x', expected int"],
    "grid: {value: x}": ["3:15: grid.value: found 'x', expected int"],
    "grid: {range_mult: [1, 3, 0.5]}": ["3:20: grid.range_mult: found 1.0, expected int"],
}
"""The plugin shows the value that was written, the loader the one that was made of it."""

UNKNOWN: Final = ("grid_search: {a_dict.k: [[1]]}",)
"""What depends on defaults: the plugin does not know them, and says nothing."""


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Compared:
    return Compared(tmp_path_factory.mktemp("grids"), GRIDS)


@pytest.mark.parametrize("text", [text for text in GRIDS if text not in UNKNOWN])
def test_values_to_try_are_judged_as_the_loader_does(compared: Compared, text: str) -> None:
    assert compared.plugin(text) == ELSEWHERE.get(text, compared.loader(text))
    assert bool(compared.plugin(text)) == bool(compared.loader(text))


@pytest.mark.parametrize("text", UNKNOWN)
def test_what_depends_on_defaults_is_not_told(compared: Compared, text: str) -> None:
    assert compared.plugin(text) == []


def test_mistakes_in_values_to_try_have_their_code(compared: Compared) -> None:
    told = {text: {said.code for said in compared.findings(text)} for text in GRIDS}
    of_the_field = ["grid: x", "grid_search: [1]"]  # one value, or none at all, that has the wrong type
    assert [text for text, codes in told.items() if codes == {"xpm-yaml"}] == of_the_field
    assert all(len(codes) <= 1 for codes in told.values())


BOOST: Final = """\
from experimaestro import Param, Task
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration
from experimaestro.experiments.grid import GridSearch, generate_grid


@configuration
class Plan(ConfigurationBase):
    depth: GridSearch[int]
    rate: GridSearch[float] = 0.1


class Boost(Task):
    depth: Param[int]
    rate: Param[float]

    def execute(self) -> None: ...


def boost(plan: Plan) -> Boost:
    return Boost.C(depth=plan.depth, rate=plan.rate).submit()


def change(plan: Plan) -> None:
    plan.depth = 3


def run(helper: ExperimentHelper, cfg: Plan) -> None:
"""
UNEXPANDED: Final = (
    "    Boost.C(depth=cfg.depth, rate=cfg.rate).submit()\n",
    "    boost(cfg)\n",
    "    print([boost(plan=cfg) for _ in generate_grid(cfg)[0]])\n",
)
EXPANDED: Final = (
    "    for plan in generate_grid(cfg)[0]:\n        Boost.C(depth=plan.depth, rate=plan.rate).submit()\n",
    "    print([boost(plan) for plan in generate_grid(cfg)[0]])\n",
    "    for cfg in generate_grid(cfg)[0]:\n        boost(cfg)\n",
    "    Boost.C(depth=3, rate=cfg.rate).submit()\n",
    "    cfg.depth = 3\n    boost(cfg)\n",
    "    change(cfg)\n    boost(cfg)\n",
    "    if cfg.title:\n        boost(cfg)\n",
    "    plan = cfg\n    plan.depth = 3\n    boost(cfg)\n",
    "    helper.xp.plan = cfg  # type: ignore[attr-defined]\n    boost(cfg)\n",
)


def test_values_to_try_are_no_value_of_a_parameter(tmp_path: Path) -> None:
    bodies = [*UNEXPANDED, *EXPANDED]
    plans = {f"p{index}.py": BOOST + body for index, body in enumerate(bodies)}
    files = {f"p{index}.yaml": f"file: p{index}\nid: x\ndepth: [1, 2]\n" for index in range(len(bodies))}
    said = Project(tmp_path, {**plans, **files}).said(".")
    assert sorted(said) == [
        Said(
            f"p{index}.py",
            len(BOOST.splitlines()) + 1,
            "error",
            f"parameter depth of Boost takes one value, and depth holds several to try (p{index}.yaml:3): take each "
            "configuration that generate_grid returns",
            "xpm-grid",
        )
        for index in range(len(UNEXPANDED))
    ]


def test_one_value_is_one(tmp_path: Path) -> None:
    files = {"plan.py": BOOST + UNEXPANDED[0], "plan.yaml": "file: plan\nid: x\ndepth: 3\n"}
    assert Project(tmp_path, files).said("plan.py") == []


SCRIPT: Final = """\
#!/bin/sh
# experimaestro run-experiment plan.yaml -c ratee=1
experimaestro run-experiment plan.yaml -c rate=0.5 -c layers.1=8
experimaestro run-experiment --workdir here plan.yaml \\
  -c ratee=1 --conf rate=x --conf=layers.2=1 && echo -c rate=y
experimaestro run-experiment plan.yaml -c rate="$1" -c $2 -c other.rate=1
experimaestro run-experiment other.yaml -c ratee=1
"""
WORKFLOW: Final = (
    "jobs:\n  small:\n    steps:\n      - run: experimaestro run-experiment lab/plan.yaml -c grid_search=3\n"
)
PLAN: Final = """\
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


@configuration
class Plan(ConfigurationBase):
    rate: float
    layers: list[int]


def run(helper: ExperimentHelper, cfg: Plan) -> None: ...
"""


def test_options_in_scripts_and_workflows_are_checked(tmp_path: Path) -> None:
    files = {
        "pyproject.toml": "",
        "lab/plan.py": PLAN,
        "lab/plan.yaml": "file: plan\nid: x\nrate: 1\nlayers: [1, 2]\n",
        "lab/run.sh": SCRIPT,
        ".github/workflows/test.yml": WORKFLOW,
    }
    said = Project(tmp_path, files).said("lab/plan.py")
    assert {each.code for each in said} == {"xpm-grid"}
    assert [each.message for each in said] == [
        ".github/workflows/test.yml:4:28: -c grid_search=3: grid_search: found 3, expected mapping of str to anything or null",
        "lab/run.sh:4:15: -c layers.2=1: layers: found the index '2', expected 0 to 1 (list of lab/plan.yaml:4:9)",
        "lab/run.sh:4:15: -c rate=x: rate: found 'x', expected float",
        "lab/run.sh:4:15: -c ratee=1: ratee: unknown key; did you mean 'rate'?",
        "lab/run.sh:6:15: -c other.rate=1: other: unknown key (known: id, file, module, pythonpath, parent, imports, "
        "pre_experiment, title, subtitle, paper, description, add_timestamp, dirty_git, grid_search, rate, layers)",
    ]


FILES_OF_SCRIPTS: Final = """\
experimaestro run-experiment ful.yaml
experimaestro run-experiment full.yaml --post-yaml smal.yaml
experimaestro run-experiment --pre-yaml small.yaml full.yaml --post-yaml=small -c rate=x
experimaestro run-experiment full.yaml --post-yaml made.yaml
experimaestro run-experiment ful_of_$SIZE.yaml
experimaestro run-experiment elsewhere.yaml
experimaestro run-experiment far/away/fulls.yaml
python make.py > fulll.yaml
experimaestro run-experiment fulll.yaml
"""


def test_files_that_scripts_name_are_found_and_checked(tmp_path: Path) -> None:
    files = {
        "pyproject.toml": "",
        "plan.py": PLAN,
        "full.yaml": "file: plan\nid: x\nrate: 1\nlayers: [1, 2]\n",
        "smalls.yaml": "file: plan\nid: y\nrate: 1\nlayers: [1, 2]\n",
        "small.yaml": "layers: 3\n",
        "run.sh": FILES_OF_SCRIPTS,
        "data/fulls.yaml": "",
    }
    said = Project(tmp_path, files).said("plan.py")
    assert [(each.message, each.code) for each in said] == [
        ("run.sh:1:15: ful.yaml: no such file; did you mean 'full.yaml'?", "xpm-yaml-path"),
        ("run.sh:2:15: smal.yaml: no such file; did you mean 'smalls.yaml'?", "xpm-yaml-path"),
        ("run.sh:3:15: -c rate=x: rate: found 'x', expected float", "xpm-grid"),
        ("small.yaml:1:9: layers: found 3, expected list of int", "xpm-yaml"),
    ]
