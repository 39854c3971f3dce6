"""The page of the checks is complete, and mypy finds in its examples what is marked beside their lines.

An example that is a fragment follows what `lab.py` of the page has; one with a file name stands alone.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from experimaestro_mypy import codes, settings
from tests.documentation.test_examples import FENCE, ROOT, Fence, fences
from tests.plugin.programs import Finding, expected

PAGE: Final = ROOT / "docs/checks.md"
CODE: Final = ("python", "yaml")
COMMON: Final = "lab.py"

_SECTION: Final = re.compile(r"^#{2,3} (?P<title>.+)\n(?P<text>(?:(?!#{2,3} ).*\n)*)", re.MULTILINE)
_FOUND: Final = re.compile(r"^(?P<file>[^:\n]+):(?P<line>\d+)(?::\d+)?: error: .*\[(?P<code>[\w-]+)\]$", re.MULTILINE)

EXAMPLES: Final = [fence for fence in fences(PAGE) if fence.language in CODE]


class Example(NamedTuple):
    """A file of the page, as mypy gets it."""

    name: str
    text: str


def example(fence: Fence, common: str) -> Example:
    if fence.file:
        return Example(fence.file, fence.text)
    return Example(f"line_{fence.line}.py", f"{common}\n\n{fence.text}")


def examples() -> dict[Fence, Example]:
    common = next(fence.text for fence in EXAMPLES if fence.file == COMMON)
    return {fence: example(fence, common) for fence in EXAMPLES}


def right() -> list[str]:
    """The files in which nothing is marked."""
    return [name for name, text in examples().values() if not expected({name: text})]


def sections() -> dict[str, str]:
    """What stands below each title."""
    return {found["title"]: found["text"] for found in _SECTION.finditer(PAGE.read_text())}


SECTIONS: Final = {title: text for title, text in sections().items() if title.startswith("xpm-")}


def python(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("checks")
    for name, text in examples().values():
        (folder / name).write_text(text)
    return folder


@pytest.fixture(scope="module")
def found(project: Path) -> set[Finding]:
    """What mypy finds in all examples, those in YAML files at their place."""
    names = sorted(path.name for path in project.glob("*.py"))
    done = python("-m", "experimaestro.mypy", "--strict", *names, folder=project)
    assert done.returncode == 1, done.stdout + done.stderr
    return {Finding(each["file"], int(each["line"]), each["code"]) for each in _FOUND.finditer(done.stdout)}


@pytest.mark.parametrize("fence", EXAMPLES, ids=str)
def test_findings_of_an_example_are_those_marked(fence: Fence, found: set[Finding]) -> None:
    name, text = examples()[fence]
    assert {finding for finding in found if finding.file == name} == expected({name: text})


def test_code_without_mark_can_be_planned(project: Path) -> None:
    modules = [Path(name).stem for name in right() if name.endswith(".py")]
    done = python("-c", REHEARSAL, *modules, folder=project)
    assert done.returncode == 0, done.stderr


REHEARSAL: Final = """
import importlib, sys
from types import SimpleNamespace
from experimaestro import RunMode, experiment

with experiment("workspace", "page", run_mode=RunMode.DRY_RUN) as xp:
    for name in sys.argv[1:]:
        module = importlib.import_module(name)
        if hasattr(module, "run") and hasattr(module, "Lab"):
            module.run(SimpleNamespace(xp=xp), module.Lab(id="page"))
"""


@pytest.mark.parametrize("name", [name for name in right() if name.endswith(".yaml")])
def test_files_without_mark_can_be_planned(name: str, project: Path) -> None:
    command = ["run-experiment", "--run-mode", "dry_run", "--workdir", "workspace", name]
    done = python("-m", "experimaestro", *command, folder=project)
    assert done.returncode == 0, done.stderr


def test_each_code_has_a_section_and_each_section_a_code() -> None:
    assert sorted(SECTIONS) == sorted(codes.ALL)


@pytest.mark.parametrize("code", SECTIONS)
def test_a_section_shows_the_mistake_and_what_to_write_instead(code: str) -> None:
    texts = [found["text"] for found in FENCE.finditer(SECTIONS[code]) if found["language"] in CODE]
    marked = [{finding.code for finding in expected({"x": text})} for text in texts]
    assert {code} in marked
    assert set() in marked[marked.index({code}) :]


@pytest.mark.parametrize("code", SECTIONS)
def test_a_section_names_the_parent_of_its_code(code: str) -> None:
    parent = codes.ALL[code].sub_code_of
    assert re.findall(r"^Parent: `(.*)`\.$", SECTIONS[code], re.MULTILINE) == ([parent.code] if parent else [])


def test_settings_on_the_page_are_understood() -> None:
    texts = [fence.text for fence in fences(PAGE) if fence.language == "toml"]
    assert texts
    for text in texts:
        settings.parsed(tomllib.loads(text), PAGE)
