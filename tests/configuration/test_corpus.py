"""Files that were hard once, and files that are right: see `fuzz`."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from tests.configuration.fuzz import CORPUS, check, mutated

FILES = sorted(CORPUS.iterdir())
RIGHT = {"everything.yaml", "grid.yaml", "parts.yaml", "references.yaml"}


@pytest.fixture(autouse=True)
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "base.yaml").write_text("lr: 0.5\nmodel: {dim: 2}\n")
    return tmp_path


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_file_is_a_value_or_a_configuration_error(file: Path, directory: Path) -> None:
    shutil.copy(file, directory)
    assert check(directory / file.name) is (file.name in RIGHT)


def test_mutations_are_values_or_configuration_errors(directory: Path) -> None:
    chance = random.Random(0)
    seeds = [file.read_bytes() for file in FILES]
    for _ in range(150):
        (directory / "fuzz.yaml").write_bytes(mutated(seeds, chance))
        check(directory / "fuzz.yaml")
