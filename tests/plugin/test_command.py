"""`experimaestro mypy`: the configuration of the project with the plugin in it, and findings where they are."""

from __future__ import annotations

import configparser
import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from experimaestro_mypy import command, configfile

PLAN = """\
from experimaestro import Param, Task


class Train(Task):
    epochs: Param[int]


Train.C(epoch=3)
"""


def configuration(file: Path | None, directory: Path, *plugins: str) -> configfile.Configuration:
    found = configfile.with_plugins(file, plugins or [configfile.PLUGIN], directory)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("mypy.ini", "[mypy]\n"),
        (".mypy.ini", "[mypy]\n"),
        ("pyproject.toml", "[tool.mypy]\n"),
        ("setup.cfg", "[mypy]\n"),
    ],
)
def test_the_file_of_mypy_is_found_above(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    inside = tmp_path / "a" / "b"
    inside.mkdir(parents=True)
    assert configfile.find(inside) == tmp_path / name


def test_a_file_that_says_nothing_of_mypy_does_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    (tmp_path / ".git").mkdir()
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    (tmp_path / "setup.cfg").write_text("[metadata]\nname = x\n")
    assert configfile.find(tmp_path) is None


def test_the_search_ends_at_the_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    (tmp_path / "mypy.ini").write_text("[mypy]\n")
    (tmp_path / "project" / ".git").mkdir(parents=True)
    assert configfile.find(tmp_path / "project") is None


def test_a_project_without_configuration_gets_the_plugin(tmp_path: Path) -> None:
    made = configuration(None, tmp_path)
    parser = configparser.RawConfigParser()
    parser.read_string(made.text)
    assert (made.directory, made.suffix) == (tmp_path, ".ini")
    assert parser["mypy"]["plugins"] == "experimaestro.mypy"


def test_the_settings_of_a_toml_file_stay(tmp_path: Path) -> None:
    settings = """\
[tool.mypy]
strict = true
python_version = "3.11"
plugins = ["pydantic.mypy"]
exclude = ['^a\\.py$', "b"]

[[tool.mypy.overrides]]
module = ["c.*", "d"]
ignore_missing_imports = true
"""
    file = tmp_path / "pyproject.toml"
    file.write_text(settings)
    before, after = tomllib.loads(settings), tomllib.loads(configuration(file, tmp_path).text)
    assert after["tool"]["mypy"].pop("plugins") == ["pydantic.mypy", "experimaestro.mypy"]
    del before["tool"]["mypy"]["plugins"]
    assert after == before


def test_the_settings_of_an_ini_file_stay(tmp_path: Path) -> None:
    file = tmp_path / "setup.cfg"
    file.write_text("[mypy]\nstrict = True\nplugins = a,\n  b.py\n\n[mypy-c.*]\nignore_errors = True\n")
    parser = configparser.RawConfigParser()
    parser.read_string(configuration(file, tmp_path).text)
    assert parser["mypy"]["plugins"] == "a, b.py, experimaestro.mypy"
    assert (parser["mypy"]["strict"], parser["mypy-c.*"]["ignore_errors"]) == ("True", "True")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pyproject.toml", '[tool.mypy]\nplugins = "experimaestro.mypy"\n'),
        ("mypy.ini", "[mypy]\nplugins = other, experimaestro.mypy\n"),
    ],
)
def test_a_file_that_names_the_plugin_is_used_as_it_is(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    assert configfile.with_plugins(tmp_path / name, [configfile.PLUGIN], tmp_path) is None


@pytest.mark.parametrize("name", ["pyproject.toml", "mypy.ini"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("[mypy\n")
    with pytest.raises(configfile.ConfigurationFileError, match=name):
        configfile.with_plugins(tmp_path / name, [configfile.PLUGIN], tmp_path)


def test_the_file_is_gone_afterwards(tmp_path: Path) -> None:
    with configfile.written(configuration(None, tmp_path)) as path:
        assert path.parent == tmp_path
        assert path.exists()
    assert list(tmp_path.iterdir()) == []


def test_plugins_and_the_configuration_file_are_taken_out_of_the_arguments() -> None:
    given = ["--plugin", "experimaestro.mypy", "--strict", "--plugin=other", "--config-file", "x.ini", "plan.py"]
    parsed = command.parsed(given)
    assert parsed.mypy == ["--strict", "plan.py"]
    assert parsed.plugins == ["experimaestro.mypy", "other"]
    assert parsed.config_file == Path("x.ini")


def test_findings_of_yaml_files_are_told_at_their_place() -> None:
    lines = [
        'run.py:9: error: full.yaml:4:7: lr: found "a", expected float  [xpm-yaml]\n',
        "run.py:10: error: Model has no parameter hiden  [xpm-unknown-param]\n",
        "Found 2 errors in 1 file (checked 1 source file)\n",
    ]
    assert list(command.rewritten(lines)) == [
        'full.yaml:4:7: error: lr: found "a", expected float  [xpm-yaml]\n',
        lines[1],
        lines[2],
    ]


def test_findings_of_yaml_files_are_told_at_their_place_in_colors() -> None:
    line = "run.py:9: \x1b[1m\x1b[31merror:\x1b(B\x1b[m full.yaml:4:7: lr: found 'a'  \x1b[33m[xpm-yaml]\x1b(B\x1b[m\n"
    assert next(command.rewritten([line])).startswith("full.yaml:4:7: \x1b[1m\x1b[31merror:")


def test_findings_of_yaml_files_are_told_at_their_place_in_json() -> None:
    line = json.dumps({"file": "run.py", "line": 9, "column": 0, "message": "full.yaml:4:7: lr: found 'a'"})
    (told,) = command.rewritten([line + "\n"])
    place = {"file": "full.yaml", "line": 4, "column": 6, "end_line": 4, "end_column": 7}
    assert json.loads(told) == {**place, "message": "lr: found 'a'"}


@pytest.mark.parametrize("program", [["experimaestro", "mypy"], ["experimaestro.mypy"]])
def test_the_command_needs_no_configuration_and_keeps_the_exit_status(program: list[str], tmp_path: Path) -> None:
    (tmp_path / "plan.py").write_text(PLAN)
    (tmp_path / "right.py").write_text(PLAN.replace("epoch=3", "epochs=3"))
    wrong, right, mistaken = (
        run(program, tmp_path, *arguments) for arguments in (["plan.py"], ["right.py"], ["--bad"])
    )
    assert "plan.py:8: error: Train has no parameter epoch; did you mean epochs?  [xpm-unknown-param]" in wrong.stdout
    assert (wrong.returncode, right.returncode, mistaken.returncode) == (1, 0, 2)
    assert not list(tmp_path.glob(".experimaestro-mypy*"))


def run(program: list[str], place: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", *program, *arguments]
    return subprocess.run(command, cwd=place, capture_output=True, text=True, check=False)
