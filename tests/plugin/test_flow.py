"""Configurations followed through the code of plans: mistakes are found on their line, and right plans have none.

`right.txt` and `wrong.txt` hold plans, each under its name: the body of ``run(helper, cfg)``, or a module. They use the
classes of `lab.py`, and the names that `HEADER` imports.
"""

from __future__ import annotations

import re
import subprocess
import sys
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

from tests.plugin.programs import Finding, expected
from tests.plugin.test_programs import Checked, found

PLANS: Final = Path(__file__).parent / "flow"
HEADER: Final = """\
from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from collections import Counter, defaultdict
from dataclasses import dataclass, field as plain
from functools import cached_property, partial
from itertools import chain, product
from pathlib import Path
from typing import Any, NamedTuple

from experimaestro import (
    Config, DependentMarker, Meta, Param, RunMode, Task, TransientMode, copyconfig, experiment, field, sealed_set, setmeta, stop_tags, tag, tags, tagspath,
    from_task_dir, load,
)
from experimaestro.experiments import ExperimentHelper
from lab import Corpus, Dual, Ensemble, Evaluate, Learn, Load, Long, Model, Plan, Tag, Tagger, Train, Tune

LOGGER = logging.getLogger(__name__)
"""
RUN: Final = "def run(helper: ExperimentHelper, cfg: Plan) -> None:\n"
REHEARSAL: Final = """\
import importlib
import sys
import traceback

from experimaestro import RunMode, experiment
from experimaestro.experiments import ExperimentHelper
from lab import Plan

for name in sys.argv[1:]:
    try:
        run = importlib.import_module(name).run
        helper = ExperimentHelper(run)
        with experiment("workspace", "rehearsal", run_mode=RunMode.DRY_RUN) as helper.xp:
            run(helper, Plan(id="rehearsal"))
    except Exception:
        print(name, traceback.format_exc())
"""
"""Calls the `run` of modules, and prints what they raise."""


def plans(file: str) -> dict[str, str]:
    """The modules of a file of plans, by name."""
    sections = re.split(r"^== (.+)\n", (PLANS / file).read_text(), flags=re.MULTILINE)[1:]
    return {title: module(text.strip()) for title, text in zip(sections[::2], sections[1::2], strict=True)}


def module(text: str) -> str:
    """A plan as a module."""
    is_module = re.search(r"^(def|class|async def|with experiment)\b", text, re.MULTILINE) is not None
    return f"{HEADER}\n\n{text if is_module else RUN + textwrap.indent(text, '    ')}\n"


RIGHT: Final = plans("right.txt")
WRONG: Final = plans("wrong.txt")


def files(plans: Mapping[str, str]) -> dict[str, str]:
    """The files of plans, with the classes that they use."""
    named = {f"{file_of(title)}.py": text for title, text in plans.items()}
    return {"lab.py": (PLANS / "lab.py").read_text(), **named}


def file_of(title: str) -> str:
    return re.sub(r"\W+", "_", title).strip("_")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> set[Finding]:
    """What mypy finds in all plans."""
    checked = Checked(tmp_path_factory.mktemp("flow"))
    return found(checked.output(files({**RIGHT, **WRONG})))


def of(title: str, findings: set[Finding]) -> list[tuple[int, str]]:
    return sorted((finding.line, finding.code) for finding in findings if finding.file == f"{file_of(title)}.py")


@pytest.mark.parametrize("title", WRONG)
def test_mistakes_are_found_on_their_line(told: set[Finding], title: str) -> None:
    marked = of(title, expected(files(WRONG)))
    assert marked
    assert [mistake for mistake in of(title, told) if mistake[1].startswith("xpm-")] == marked


@pytest.mark.parametrize("title", RIGHT)
def test_right_plans_have_no_finding(told: set[Finding], title: str) -> None:
    assert [mistake for mistake in of(title, told) if mistake[1].startswith("xpm-")] == []


def test_right_plans_run(tmp_path: Path) -> None:
    for name, text in files(RIGHT).items():
        (tmp_path / name).write_text(text)
    (tmp_path / "rehearse.py").write_text(REHEARSAL)
    names = [file_of(title) for title in RIGHT]
    done = subprocess.run(
        [sys.executable, "rehearse.py", *names], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stdout
    assert done.returncode == 0, done.stderr
