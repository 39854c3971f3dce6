"""Values that come from elsewhere in the code: `literals.txt` has a mark beside each literal that is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from tests.plugin.programs import Finding, expected
from tests.plugin.projects import Project, Said

PLAN: Final = Path(__file__).parent / "literals.txt"
MODES: Final = """\
from pathlib import Path
from experimaestro import DependentMarker, Config, Param, Task, experiment, set_launcher


class Train(Task):
    seed: Param[int]

    def execute(self) -> None: ...


class Made(Config):
    pass


class Make(Train):
    def task_outputs(self, dep: DependentMarker) -> Made:
        return dep(Made.C())


def plan(workdir: Path, text: str) -> None:
    with experiment(workdir, "a"):
        # each test has its line below
"""
REFUSED: Final = {
    'Train.C(seed=1).submit(launcher="cpu()")': (
        "submit(launcher=...) takes a launcher, not a text: write find_launcher('cpu()')"
    ),
    "Make.C(seed=2).submit(launcher=text)": (
        "submit(launcher=...) takes a launcher, not a text: write find_launcher(text)"
    ),
    "set_launcher(text)": "set_launcher takes a launcher, not a text: write find_launcher(text)",
    "Train.C(seed=3).submit(transient=True)": (
        "submit(transient=...) takes a TransientMode, not a boolean: write TransientMode.REMOVE, or "
        "TransientMode.TRANSIENT to keep its directory"
    ),
    'experiment(workdir, "b", run_mode="dry_run")': (
        "experiment(run_mode=...) takes a RunMode, not a text: write RunMode.DRY_RUN"
    ),
}


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> list[Said]:
    modes = MODES + "".join(f"        {line}\n" for line in REFUSED)
    project = Project(tmp_path_factory.mktemp("literals"), {"plan.py": PLAN.read_text(), "modes.py": modes})
    return project.said("plan.py", "modes.py")


def test_each_wrong_literal_is_found_where_it_stands_and_no_other(said: list[Said]) -> None:
    found = {Finding(each.file, each.line, each.code) for each in said if each.file == "plan.py"}
    assert found == expected({"plan.py": PLAN.read_text()})


@pytest.mark.parametrize("line", REFUSED)
def test_what_is_no_launcher_or_mode_gets_words_that_help(said: list[Said], line: str) -> None:
    number = len(MODES.splitlines()) + 1 + list(REFUSED).index(line)
    assert REFUSED[line] in [each.message for each in said if (each.file, each.line) == ("modes.py", number)]
    assert not [each for each in said if each.file == "modes.py" and each.severity == "note"]
