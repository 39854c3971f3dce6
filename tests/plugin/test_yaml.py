"""YAML files against the configuration class of their experiment: the plugin says what the loader says, earlier."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from experimaestro_mypy.locations import Location, parse
from tests.plugin.compared import Compared
from tests.plugin.projects import Project, Said

VALUES: Final = r"""
a_bool: true
a_bool: 1
a_bool: "true"
a_bool: null
a_int: 3
a_int: 3.0
a_int: "3"
a_int: x
a_int: true
a_int: [1]
a_int: {a: 1}
a_int: 0x1f
a_float: 1
a_float: 1e-4
a_float: "1e-4"
a_float: .inf
a_float: x
a_str: x
a_str: 1
a_str: true
a_str: 1e-3
a_str: null
a_str: [a]
a_none: null
a_none: 1
a_path: x/y
a_path: 3
a_path: ""
a_time: 1h30m
a_time: 90
a_time: 1.5
a_time: 1x
a_time: -1
a_time: true
a_size: 4GiB
a_size: 4Go
a_size: 1000
a_size: 1.5
a_rate: 0.1
a_rate: x
a_device: cpu
a_device: CPU
a_device: cpuu
a_device: 1
a_level: 1
a_level: LOW
a_level: 3
a_level: low
a_colour: RED
a_colour: 1
a_colour: red
a_text: s
a_text: SHORT
a_text: short
a_literal: x
a_literal: 2
a_literal: true
a_literal: 1
a_literal: y
a_member: cpu
a_member: CPU
a_member: gpu
a_list: [1, 2]
a_list: [1, x]
a_list: 1
a_list: []
a_list: {a: 1}
a_sequence: [1, 2.5]
a_sequence: [a]
a_set: [a, b]
a_set: [1]
a_tuple: [1, a]
a_tuple: [1]
a_tuple: [a, 1]
a_tuples: [1, 2, 3]
a_tuples: [a]
a_dict: {a: [1]}
a_dict: {a: 1}
a_dict: {1: [1]}
a_dict: []
a_ints: {1: a}
a_ints: {a: b}
a_mapping: {cpu: 1}
a_mapping: {cpuu: 1}
a_any: {a: [1, x]}
a_object: {a: [1, x]}
a_union: 1
a_union: x
a_union: 1.5
a_union: true
a_union: null
a_choice: auto
a_choice: 1
a_choice: aut
a_layer: {size: 3}
a_layer: {}
a_layer: {size: x}
a_layer: {siez: 3}
a_layer: {size: 3, act: rel}
a_layer: {size: 3, act: 3}
a_layer: 3
a_layer: null
a_layers: [{size: 3}, {size: x}]
a_layers: [{}]
a_optional_layer: null
a_optional_layer: {size: 3}
a_optional_layer: {size: x}
a_optional_layer: {siz: 1}
a_optional_layer: 3
a_either: {size: 3}
a_either: {width: 3}
a_either: {wdith: 3}
a_either: {}
a_either: {$type: Conv, width: 3}
a_either: {$type: Cnv, width: 3}
a_either: {$type: Conv, size: 3}
a_split: {train: 0.5, names: [a]}
a_split: {tran: 0.5}
a_split: {names: [1]}
a_box: {item: 3}
a_box: {item: x}
a_box: {item: 3, hidden: 4}
a_box: {item: 3, _hidden: 4}
a_box: {item: 3, tried: [1, 2]}
a_box: {item: 3, tried: [1, x]}
a_optimizer: {lr: 1e-3}
a_optimizer: {}
a_optimizer: {lr: x}
a_optimizer: {lrr: 1}
a_optimizer: {lr: 1, version: 2}
a_optimizer: {lr: 1, kind: b}
a_optimizer: {lr: 1, kind: c}
a_optimizer: {lr: 1, momentum: 2}
a_optimizer: {$type: "described:Sgd", lr: 1, momentum: 2}
a_optimizer: {$type: "described:Sgd", lr: 1, momentun: 2}
a_optimizer: {$type: "described:Sg", lr: 1}
a_optimizer: {$type: "described:Device", lr: 1}
a_optimizer: {$type: described.sgd, lr: 1}
a_optimizer: {$type: described.sgdd, lr: 1}
a_optimizer: {$type: 3, lr: 1}
a_task: {optimizer: {lr: 1}, seed: 1}
a_task: {optimizer: {lr: 1}}
a_task: {optimizer: {lr: x}, seed: 1}
a_task: {optimizer: {lr: 1, version: 2}, seed: x}
a_tasks: {a: {optimizer: {lr: 1}, seed: 1}, b: {optimizer: {lr: 1}}}
a_compare: {metric: x}
a_compare: {metric: x, load: {seed: 1}, any_config: {$type: "described:Load", seed: 1}}
a_compare: {first: {optimizer: {lr: 1}, seed: 1}, metric: x}
a_compare: {others: [{seed: 1}], named: {a: {seed: 1}}, metric: x}
a_compare: {either: {$type: "described:Train", seed: 1}, load: {}, metric: x}
a_compare: {any_config: {$type: "described:Train"}, load: {seed: 1}, metric: x}
a_holder: {size: 1}
a_holder: {held: {}, size: 1}
a_holder: {}
a_config: {$type: "described:Train", optimizer: {lr: 1}, seed: 1}
a_plain: {share: 0.1}
a_plain: null
a_plain: ${a_layer}
a_plain_or: 3
a_plain_or: null
a_plain_or: {share: 1}
a_plains: []
a_plains: [{share: 1}, 2]
a_int: ${a_str}
a_str: ${a_int}
a_list: ["${title}"]
title: run ${a_int}
a_layer: {size: "${title}"}
a_layer: ${title}
a_layers: ["${a_layer}"]
a_int: ${a_itn}
a_int: ${title.x}
a_int: ${}
a_str: ${env:HOME}
a_str: ${a_str}
private: 3
_private: 3
unknown: 3
a_intt: 3
title: 3
dirty_git: warn
dirty_git: WARN
dirty_git: warm
add_timestamp: yes
a_int: ${a_float}
a_int: 010
a_int: !!int 3
pythonpath: x
""".strip().splitlines()
"""Each is the line of a file; some are right."""


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Compared:
    return Compared(tmp_path_factory.mktemp("values"), VALUES)


@pytest.mark.parametrize("text", VALUES)
def test_values_are_judged_as_the_loader_does(compared: Compared, text: str) -> None:
    assert sorted(compared.plugin(text)) == sorted(compared.loader(text))


def test_mistakes_stand_at_the_function_with_their_own_place_in_the_message(compared: Compared) -> None:
    [found] = compared.findings("a_int: x")
    lines = (compared.project.directory / "described.py").read_text().splitlines()
    assert lines[found.line - 1].startswith("def run(")
    assert found.code == "xpm-yaml"
    location = parse(found.message)
    assert location is not None
    assert (location.line, location.column, location.message) == (3, 8, "a_int: found 'x', expected int")
    assert str(location) == found.message


@pytest.mark.parametrize("message", ["run takes its helper first", "requirement 'x.yaml', character 1: found", ""])
def test_other_messages_name_no_place(message: str) -> None:
    assert parse(message) is None


def test_places_are_read_from_any_path() -> None:
    assert parse("../a b/x:1.yml:3:14: a: b: c") == Location("../a b/x:1.yml", 3, 14, "a: b: c")


PLAN: Final = """\
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


@configuration
class Model:
    layers: list[int]


@configuration
class Plan(ConfigurationBase):
    rate: float
    model: Model


def run(helper: ExperimentHelper, cfg: Plan) -> None: ...
"""

CASES: Final[dict[str, tuple[dict[str, str], list[str]]]] = {
    "missing keys": (
        {"a.yaml": "file: plan\nid: x\nmodel: {}\n"},
        ["a.yaml:1:1: rate: missing, expected float", "a.yaml:3:8: model.layers: missing, expected list of int"],
    ),
    "missing id": (
        {"a.yaml": "file: plan\nrate: 1\nmodel: {layers: []}\n"},
        ["a.yaml:1:1: id: missing, expected str"],
    ),
    "part of files that are not known": (
        {"a.yaml": "file: plan\nmodel: {layers: [x]}\n"},
        ["a.yaml:2:18: model.layers.0: found 'x', expected int"],
    ),
    "imports are merged first": (
        {"base.yaml": "file: plan\nmodel: {layers: [1]}\n", "a.yaml": "imports: [base]\nid: x\nrate: 1\n"},
        [],
    ),
    "a mistake in what two files import": (
        {
            "base.yaml": "file: plan\nmodel: {layers: [x]}\n",
            "a.yaml": "imports: [base]\nid: x\nrate: 1\n",
            "b.yaml": "parent: base.yaml\nid: y\nrate: 1\n",
        },
        ["base.yaml:2:18: model.layers.0: found 'x', expected int"],
    ),
    "a base of another directory": (
        {"base.yaml": "file: plan\nmodel: {layers: [1]}\n", "sub/a.yaml": "imports: [../base.yaml]\nid: x\nrate: y\n"},
        ["sub/a.yaml:3:7: rate: found 'y', expected float"],
    ),
    "what the reader refuses": (
        {"a.yaml": "file: plan\nid: x\nrate: 1\nrate: yes\n", "b.yaml": "file: plan\nid: x\n\trate: 1\n"},
        [
            "a.yaml:4:1: rate: duplicate key, first written in line 3",
            "a.yaml:4:7: rate: found yes, write true or quote it",
            "b.yaml:3:1: invalid YAML: found a tab, indent with spaces",
        ],
    ),
    "files that do not exist": (
        {
            "a.yaml": (
                "file: plan\nid: x\nrate: 1\nmodel: {layers: []}\nimports: [bse]\npythonpath: [srk]\npre_experiment: mock.py\n"
            ),
            "base.yaml": "title: x\n",
            "src/readme": "",
            "mocks.py": "",
        },
        [
            "a.yaml:5:11: imports.0: bse: no such file; did you mean 'base'?",
            "a.yaml:6:14: pythonpath.0: srk: no such directory; did you mean 'src'?",
            "a.yaml:7:17: pre_experiment: mock.py: no such file; did you mean 'mocks.py'?",
        ],
    ),
    "a module that does not exist": (
        {"a.yaml": "file: plan\nid: x\nrate: 1\nmodel: {layers: []}\npre_experiment: moks\n", "mocks.py": ""},
        ["a.yaml:5:17: pre_experiment: no module 'moks'; did you mean 'mocks'?"],
    ),
    "a slip in the name of the file": (
        {"a.yaml": "file: plann\nid: x\nrate: 1\nmodel: {layers: []}\n"},
        ["a.yaml:1:7: file: plann.py: no such file; did you mean 'plan.py'?"],
    ),
    "a slip in the name of the module": (
        {"a.yaml": "module: plam\nid: x\nrate: 1\nmodel: {layers: []}\n"},
        ["a.yaml:1:9: module: no module 'plam'; did you mean 'plan'?"],
    ),
    "a file and a module": (
        {"a.yaml": "module: plan\nfile: plan\nid: x\nrate: 1\nmodel: {layers: []}\n"},
        ["a.yaml:1:1: module: found a file and a module, expected one of them"],
    ),
    "an identifier that names no directory": (
        {"a.yaml": "file: plan\nid: bm25/grid\nrate: 1\nmodel: {layers: []}\n"},
        [
            "a.yaml:2:5: id: found 'bm25/grid', expected the name of a directory: 1 to 200 characters, no '/', no '.' at "
            "the beginning"
        ],
    ),
    "a reference to what another file writes": (
        {
            "base.yaml": "file: plan\nrate: ${title}\ntitle: x\n",
            "a.yaml": "imports: [base]\nid: x\nmodel: {layers: []}\ntitle: ${env:TITLE}\n",
            "b.yaml": "imports: [base]\nid: y\nmodel: {layers: []}\n",
        },
        ["base.yaml:2:7: rate: found 'x', expected float"],
    ),
    "an import cycle": (
        {"a.yaml": "file: plan\nid: x\nimports: [b]\n", "b.yaml": "file: plan\nimports: [a]\n"},
        ["b.yaml:2:11: import cycle: a.yaml -> b.yaml -> a.yaml"],
    ),
    "another name than that of the only experiment": (
        {"a.yaml": "file: digits\nid: x\nrate: 1\n"},
        ["a.yaml:1:7: file: digits.py: no such file"],
    ),
    "a module named below": (
        {"conf/a.yaml": "module: plan\nid: x\nrate: y\nmodel: {layers: []}\n"},
        ["conf/a.yaml:3:7: rate: found 'y', expected float"],
    ),
    "files of something else": (
        {
            "compose.yaml": "services: {id: 3}\n",
            "data.yaml": "id: 3\nname: x\n",
            "other.yaml": "file: other\nid: 3\nof: x\n",
        },
        [],
    ),
    "values of the environment": (
        {"a.yaml": 'file: plan\nid: ${env:NOT_SET}\nrate: ${env:RATE,1}\nmodel: {layers: ["${env:N}"]}\n'},
        [],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_files_are_followed_as_the_loader_does(tmp_path: Path, cache: Path, case: str) -> None:
    files, expected = CASES[case]
    project = Project(tmp_path, {"pyproject.toml": "", "plan.py": PLAN, **files})
    assert project.messages("--cache-dir", str(cache), "plan.py") == expected


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Shared, so that mypy reads the package once."""
    return tmp_path_factory.mktemp("cache")


def test_each_kind_of_mistake_has_its_code(tmp_path: Path, cache: Path) -> None:
    files = {"plan.py": PLAN, "plan.yaml": "file: plan\nid: x\nrate: y\nmodel: {layers: []}\npythonpath: [lib]\n"}
    said = Project(tmp_path, files).said("--cache-dir", str(cache), "plan.py")
    assert [each.code for each in said] == ["xpm-yaml", "xpm-yaml-path"]


def test_without_file_the_code_is_experiment_py(tmp_path: Path, cache: Path) -> None:
    files = {"experiment.py": PLAN, "a.yaml": "id: x\nrate: y\nmodel: {layers: []}\n", "b.yaml": "rate: y\n"}
    said = Project(tmp_path, files).said("--cache-dir", str(cache), "experiment.py")
    assert said == [Said("experiment.py", 15, "error", "a.yaml:2:7: rate: found 'y', expected float", "xpm-yaml")]


def settings(text: str) -> dict[str, str]:
    yaml = "file: ../plan\nid: x\nrate: y\nmodel: {layers: []}\n"
    return {"plan.py": PLAN, "far/a.yml": yaml, "far/b.yaml": yaml, "pyproject.toml": text}


def test_patterns_say_where_files_are(tmp_path: Path, cache: Path) -> None:
    project = Project(tmp_path, settings("[tool.experimaestro.mypy]\nyaml = ['far/*.yml']\n"))
    assert project.messages("--cache-dir", str(cache), "plan.py") == ["far/a.yml:3:7: rate: found 'y', expected float"]


@pytest.mark.parametrize(("severity", "status", "shown"), [("off", 0, 0), ("warning", 0, 1), ("error", 1, 1)])
def test_severity_is_set_by_code(tmp_path: Path, cache: Path, severity: str, status: int, shown: int) -> None:
    text = f"[tool.experimaestro.mypy]\nyaml = ['far/*.yml']\nseverity = {{xpm-yaml = '{severity}'}}\n"
    project = Project(tmp_path, settings(text))
    done = project.run("--cache-dir", str(cache), "plan.py")
    assert (done.returncode, done.stdout.count("found 'y', expected float  [xpm-yaml]")) == (status, shown)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("yml = ['*']", "unknown key 'yml'; did you mean 'yaml'?"),
        ("yaml = '*'", "yaml: found '*', expected a list of patterns"),
        ("severity = {xpm-yml = 'off'}", "unknown key 'xpm-yml'; did you mean 'xpm-yaml'?"),
        (
            "severity = {xpm-yaml = 'of'}",
            "xpm-yaml: found 'of', expected 'error', 'warning', 'off'; did you mean 'off'?",
        ),
    ],
)
def test_wrong_settings_end_the_run_with_one_sentence(tmp_path: Path, cache: Path, text: str, sentence: str) -> None:
    project = Project(tmp_path, settings(f"[tool.experimaestro.mypy]\n{text}\n"))
    done = project.run("--cache-dir", str(cache), "plan.py")
    assert done.returncode == 2
    [line] = (done.stdout + done.stderr).splitlines()
    assert line.startswith(str(tmp_path / "pyproject.toml"))
    assert sentence in line


def test_the_loader_is_imported_where_there_are_files_only() -> None:
    code = "import sys, experimaestro.mypy, experimaestro_mypy.plugin; print([m for m in sys.modules if m in %r])"
    heavy = ("yaml", "cattrs", "experimaestro.configuration.loader", "experimaestro.launcherfinder.requirements")
    done = subprocess.run([sys.executable, "-c", code % (heavy,)], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
