"""What existing code takes from `experimaestro.utils`."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import ClassVar

import attrs
import marshmallow
import pytest

from experimaestro.configuration.errors import ConfigurationError
from experimaestro.utils import cleanupdir
from experimaestro.utils.config import validate_attrs
from experimaestro.utils.environment import get_environment_info
from experimaestro.utils.git import get_git_info
from experimaestro.utils.settings import JsonSettings, PathField


def test_a_directory_is_emptied(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    (kept / "inner").mkdir(parents=True)
    directory = tmp_path / "directory"
    (directory / "a" / "b").mkdir(parents=True)
    (directory / "file").touch()
    (directory / "link").symlink_to(kept)

    cleanupdir(directory)

    assert list(directory.iterdir()) == []
    assert (kept / "inner").exists()


def test_a_missing_directory_is_created(tmp_path: Path) -> None:
    cleanupdir(tmp_path / "a" / "b")

    assert (tmp_path / "a" / "b").is_dir()


class SettingsSchema(marshmallow.Schema):
    """Makes settings, as those of datamaestro do."""

    keys = marshmallow.fields.Dict(keys=marshmallow.fields.Str(), values=marshmallow.fields.Str())
    folder = PathField(allow_none=True)

    @marshmallow.post_load
    def make(self, data: dict[str, object], **_: object) -> Settings:
        settings = Settings()
        for name, value in data.items():
            setattr(settings, name, value)
        return settings


class Settings(JsonSettings):
    SCHEMA: ClassVar[type] = SettingsSchema

    def __init__(self) -> None:
        self.keys: dict[str, str] = {}
        self.folder: Path | None = None


class PlainSchema:
    def load(self, data: dict[str, int]) -> dict[str, int]:
        return data

    def dump(self, settings: PlainSettings) -> dict[str, int]:
        return {"number": settings.number}


class PlainSettings(JsonSettings):
    SCHEMA = PlainSchema()
    number = 1


def test_settings_are_read_and_written(tmp_path: Path) -> None:
    path = tmp_path / "a" / "settings.json"

    settings = Settings.load(path)
    settings.keys["a"] = "b"
    settings.folder = Path("/data")
    settings.save()

    assert json.loads(path.read_text()) == {"keys": {"a": "b"}, "folder": "/data"}
    assert vars(Settings.load(path)) == {"keys": {"a": "b"}, "folder": Path("/data"), "path": path}


def test_a_schema_may_load_values_only(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text('{"number": 3}')

    settings = PlainSettings.load(tmp_path / "settings.json")
    settings.number += 1
    settings.save()

    assert PlainSettings.load(tmp_path / "settings.json").number == 4


def test_a_path_is_a_text(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text('{"folder": 3}')

    with pytest.raises(marshmallow.ValidationError, match="folder"):
        Settings.load(tmp_path / "settings.json")


@attrs.define
class Model:
    size: int
    folder: Path = Path("x")


def test_plain_data_becomes_an_object() -> None:
    assert validate_attrs(Model, {"size": 3, "folder": "a"}) == Model(3, Path("a"))


def test_wrong_data_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="did you mean 'size'"):
        validate_attrs(Model, {"sise": 3})
    with pytest.raises(TypeError, match=r"found \[3\], expected a dictionary with the fields of Model"):
        validate_attrs(Model, [3])


def test_state_of_a_repository(tmp_path: Path) -> None:
    commit = ["git", "-c", "user.name=A", "-c", "user.email=a@b", "commit", "-q", "--allow-empty", "-m", "First"]
    subprocess.run(["git", "init", "-q", "-b", "main", str(tmp_path)], check=True)
    subprocess.run(commit, cwd=tmp_path, check=True)
    (tmp_path / "new").touch()

    found = get_git_info(tmp_path)

    assert found is not None
    assert set(found) == {"commit", "commit_short", "branch", "dirty", "message", "author", "date"}
    assert (found["branch"], found["dirty"], found["message"], found["author"]) == ("main", True, "First", "A <a@b>")


def test_outside_of_a_repository_there_is_no_state(tmp_path: Path) -> None:
    assert get_git_info(tmp_path) is None


def test_packages_are_listed() -> None:
    found = get_environment_info()

    assert set(found) == {"python_version", "packages", "editable_packages"}
    assert "attrs" in found["packages"]
