"""The version is written twice: for the package installer, and for the program, which does not read metadata."""

import tomllib
from pathlib import Path

import experimaestro

ROOT = Path(__file__).parents[2]


def test_the_program_has_the_version_of_its_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    assert experimaestro.__version__ == project["version"]
