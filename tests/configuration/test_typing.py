"""Type checkers know the arguments of configurations, without a plugin and in both forms of the decorator."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

PLAN = """\
from functools import cached_property

import attrs

from experimaestro.configuration.base import ConfigurationBase, configuration
from experimaestro.experiments.grid import GridSearch, generate_grid


@configuration
class Model:
    dim: int
    layers: list[int] = [3]
    names: list[str] = attrs.field(factory=list[str])


@configuration()
class Learn(ConfigurationBase):
    lr: float
    model: Model = Model(dim=3)

    @cached_property
    def double(self) -> float:
        return self.lr * 2


@configuration
class Long(Learn):
    steps: int = 3


class Undecorated(ConfigurationBase):
    steps: int


Paper = ConfigurationBase


@configuration
class Published(Paper):
    year: int


@configuration
class Searched(ConfigurationBase):
    seed: GridSearch[int] = 3


configurations, tags = generate_grid(Searched(id="x", seed=4), where=lambda searched: searched.seed > 3)
configurations[0].seed.bit_length()
tags[0].items()
configurations[0].seed.lower()  # wrong
Searched(id="x", seed="a")  # wrong
Long(id="x", lr=1.0, steps=4, title="t").double.is_integer()
Model(dim=3, names=["a"])
Undecorated(id="x", steps=3)
Published(id="x", year=2024)
Learn(lr=1.0)  # wrong
Learn(id="x")  # wrong
Learn(id="x", lr="a")  # wrong
Learn(id="x", lr=1.0, epocs=3)  # wrong
Model(3)  # wrong
Model(dim="x")  # wrong
Long(id="x", lr=1.0, step=4)  # wrong
Undecorated(id="x")  # wrong
Published(id=3, year=2024)  # wrong
"""


@pytest.mark.parametrize("checker", ["mypy --strict --no-error-summary", "pyright"])
def test_wrong_arguments_are_found_and_right_ones_accepted(checker: str, tmp_path: Path) -> None:
    pytest.importorskip(checker.split()[0])
    (tmp_path / "plan.py").write_text(PLAN)
    (tmp_path / "pyrightconfig.json").write_text(f'{{"typeCheckingMode": "strict", "extraPaths": ["{ROOT}"]}}')
    done = subprocess.run(
        [sys.executable, "-m", *checker.split(), "plan.py"],
        cwd=tmp_path,
        env={**os.environ, "MYPYPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    found = {int(line) for line in re.findall(r"plan\.py:(\d+):.*error", done.stdout)}
    assert found == {number for number, line in enumerate(PLAN.splitlines(), 1) if "# wrong" in line}, done.stdout
