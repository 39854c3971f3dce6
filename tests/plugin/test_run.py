"""The function `run` of an experiment."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from tests.plugin.projects import Project, Said

CLASSES: Final = '''
from experimaestro.experiments import ConfigurationBase, ExperimentHelper, configuration


@configuration
class Digits(ConfigurationBase):
    size: int = 1


@configuration
class Letters(ConfigurationBase):
    size: int = 1


@configuration
class Part:
    size: int = 1


@configuration
class Section:
    size: int = 1


@configuration
class Whole(ConfigurationBase):
    sections: dict[str, list[Section]] = {}


class Arguments(ExperimentHelper):
    """Takes arguments of the command line."""

    def run(self, args: list[str], configuration: Digits) -> None:
        self.callable(self, configuration)
'''
HEADER: Final = """\
from typing import Any
from classes import Arguments, Digits, Letters, Part, Section
from experimaestro.experiments import ConfigurationBase, ExperimentHelper
"""
EXPECTED: Final = "expected a subclass of ConfigurationBase, which says what the YAML file holds"
SIGNATURE: Final = "run(helper: ExperimentHelper, cfg: MyConfiguration)"

WRONG: Final = {
    "def run(cfg: Digits, helper: ExperimentHelper) -> None: ...": (
        "run takes its helper first: write run(helper: ExperimentHelper, cfg: Digits)"
    ),
    "def run(helper: ExperimentHelper) -> None: ...": f"run takes a configuration after its helper: write {SIGNATURE}",
    "def run(helper: ExperimentHelper, cfg: Part) -> None: ...": (
        "Part does not derive from ConfigurationBase: write class Part(ConfigurationBase)"
    ),
    "def run(helper: ExperimentHelper, cfg: Section) -> None: ...": "Section is a section of Whole: write cfg: Whole",
    "def run(helper: ExperimentHelper, cfg: dict[str, Any]) -> None: ...": (
        f"the parameter cfg of run is of type dict[str, Any], {EXPECTED}"
    ),
    "def run(helper: ExperimentHelper, cfg: Digits | None) -> None: ...": (
        f"the parameter cfg of run is of type classes.Digits | None, {EXPECTED}"
    ),
    "def run(helper: ExperimentHelper, cfg) -> None: ...  # type: ignore[no-untyped-def]": (
        f"the parameter cfg of run has no annotation, {EXPECTED}"
    ),
    "def run(helper: ExperimentHelper, one: Digits, two: Letters) -> None: ...": (
        f"run takes one configuration, found Digits and Letters: put one in the other, and write {SIGNATURE}"
    ),
    "def run(helper: ExperimentHelper, cfg: Digits, name: str) -> None: ...": (
        f"run takes two parameters, found 3: write {SIGNATURE}"
    ),
    "def run(helper: ExperimentHelper, cfg: Digits, *, fast: bool = False) -> None: ...": (
        f"run takes two positional parameters, and no others: write {SIGNATURE}"
    ),
    "async def run(helper: ExperimentHelper, cfg: Digits) -> None: ...": (
        f"run is asynchronous or a generator, nothing would run it: write {SIGNATURE} as a plain function"
    ),
    "@Arguments.decorator()\ndef run(cfg: Digits, helper: Arguments) -> None: ...": (
        "run takes its helper first: write run(helper: ExperimentHelper, cfg: Digits)"
    ),
    "class Mine(ConfigurationBase): ...\ndef run(cfg: Mine) -> None: ...": (
        "run takes a helper before its configuration: write run(helper: ExperimentHelper, cfg: Mine)"
    ),
}
RIGHT: Final = (
    "def run(helper: ExperimentHelper, cfg: Digits) -> None: ...",
    "def run(helper: Arguments, cfg: Digits) -> None: ...",
    "@Arguments.decorator\ndef run(helper: Arguments, cfg: Digits) -> None: ...",
    "@Arguments.decorator()\ndef run(helper: Arguments, cfg: Digits) -> None: ...",
    "def run(helper: Any, cfg: Digits) -> None: ...",
    "def run(cfg: Digits) -> None: ...  # of a class from elsewhere: perhaps what an experiment calls",
    "def run(a: int, b: str, c: float) -> None: ...",
    "class Own:\n    def run(self, helper: ExperimentHelper) -> None: ...",
    "def main() -> None:\n    def run(helper: ExperimentHelper) -> None: ...",
)


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> list[Said]:
    programs = {f"m{index}.py": HEADER + text + "\n" for index, text in enumerate([*WRONG, *RIGHT])}
    project = Project(tmp_path_factory.mktemp("run"), {"classes.py": CLASSES, **programs})
    return [line for line in project.said(".") if line.severity == "error"]


@pytest.mark.parametrize("text", WRONG)
def test_a_wrong_signature_is_told_at_the_function(said: list[Said], text: str) -> None:
    file = f"m{list(WRONG).index(text)}.py"
    line = next(number for number, each in enumerate((HEADER + text).splitlines(), 1) if "def run(" in each)
    assert [each for each in said if each.file == file] == [Said(file, line, "error", WRONG[text], "xpm-run")]


@pytest.mark.parametrize("text", RIGHT)
def test_a_right_signature_is_not_told(said: list[Said], text: str) -> None:
    assert not [each for each in said if each.file == f"m{len(WRONG) + RIGHT.index(text)}.py"]


def test_a_function_that_a_yaml_file_names_is_an_experiment(tmp_path: Path) -> None:
    files = {"plan.py": "def run() -> None: ...\n", "plan.yaml": "file: plan\nid: x\n"}
    found = Project(tmp_path, files).said("plan.py")
    assert found == [Said("plan.py", 1, "error", f"run takes two parameters, found 0: write {SIGNATURE}", "xpm-run")]


OTHERWISE: Final = {
    "def main(helper: ExperimentHelper, cfg: Plan) -> None: ...\n": ("def main", "rename main to run"),
    "def build(cfg: Plan) -> None: ...\n": ("class Plan", "write run(helper: ExperimentHelper, cfg: Plan)"),
    "from elsewhere import run as run\n": None,
    "run = print\n": None,
}


def test_a_module_that_a_yaml_file_runs_has_a_function_run(tmp_path: Path) -> None:
    header = HEADER.replace("from classes import Arguments, Digits, Letters, Part, Section\n", "")
    header += "class Plan(ConfigurationBase): ...\n"
    plans = {f"p{index}.py": header + text for index, text in enumerate(OTHERWISE)}
    yaml = {f"p{index}.yaml": f"file: p{index}\nid: x\n" for index in range(len(OTHERWISE))}
    others = {"elsewhere.py": "def run() -> None: ...\n", "part.py": header, "other.py": "x = 1\n"}
    named = {"part.yaml": "file: part\n", "other.yaml": "file: other\nid: x\n"}  # not an experiment, not of us
    said = Project(tmp_path, {**plans, **yaml, **others, **named}).said(".")
    lines = {file: text.splitlines() for file, text in plans.items()}
    told = {(each.file, lines[each.file][each.line - 1].partition("(")[0], each.message) for each in said}
    assert told == {
        (f"p{index}.py", line, f"p{index}.yaml runs this module, which has no function run: {hint}")
        for index, (line, hint) in enumerate(filter(None, OTHERWISE.values()))
    }
