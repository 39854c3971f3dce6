"""The configuration file of mypy, with the plugin in it.

mypy takes plugins from its configuration file only. A file beside that of the project, so that paths in it keep their
meaning, says the same and names the plugin.
"""

from __future__ import annotations

import configparser
import io
import json
import os
import tomllib
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

PLUGIN: Final = "experimaestro.mypy"

_OWN: Final = ("mypy.ini", ".mypy.ini")
_SHARED: Final = ("pyproject.toml", "setup.cfg")
_OF_USER: Final = ("~/.config/mypy/config", "~/.mypy.ini")


class ConfigurationFileError(ValueError):
    """The configuration file of mypy cannot be read; the message names it."""


class Configuration(NamedTuple):
    """What is written for mypy to read."""

    directory: Path
    suffix: str
    text: str


def find(directory: Path) -> Path | None:
    """The file that mypy reads when it runs in a directory, by mypy's own rules."""
    for place in (directory, *directory.parents):
        found = [place / name for name in _OWN] + [place / name for name in _SHARED if _concerns_mypy(place / name)]
        existing = next((file for file in found if file.is_file()), None)
        if existing is not None:
            return existing
        if (place / ".git").exists() or (place / ".hg").exists():
            break
    of_user = [os.environ.get("XDG_CONFIG_HOME", ""), *_OF_USER]
    candidates = [Path(of_user[0]) / "mypy" / "config"] if of_user[0] else []
    candidates += [Path(name).expanduser() for name in _OF_USER]
    return next((file for file in candidates if file.is_file()), None)


def _concerns_mypy(file: Path) -> bool:
    if not file.is_file():
        return False
    if file.suffix == ".toml":
        return "mypy" in _toml(file).get("tool", {})
    return _ini(file).has_section("mypy")


def with_plugins(file: Path | None, plugins: Sequence[str], directory: Path) -> Configuration | None:
    """The configuration with the plugins added; None if the file names them all already.

    :param file: the configuration file of the project, if it has one.
    :param directory: where mypy runs, for a project without one.
    :raises ConfigurationFileError: when the file cannot be read.
    """
    if file is None:
        return Configuration(directory, ".ini", f"[mypy]\nplugins = {', '.join(plugins)}\n")
    if file.suffix == ".toml":
        return _with_toml(file, plugins)
    return _with_ini(file, plugins)


def _with_toml(file: Path, plugins: Sequence[str]) -> Configuration | None:
    section: dict[str, Any] = _toml(file).get("tool", {}).get("mypy", {})  # Any: what TOML holds
    value = section.get("plugins", [])
    known = value.split(",") if isinstance(value, str) else list(value)
    both = _union(known, plugins)
    if both is None:
        return None
    return Configuration(file.parent, ".toml", "\n".join(_toml_lines({**section, "plugins": both})) + "\n")


def _toml_lines(section: Mapping[str, Any]) -> Iterator[str]:  # Any: what TOML holds
    overrides: list[dict[str, object]] = section.get("overrides", [])
    yield "[tool.mypy]"
    yield from (f"{key} = {_toml_value(value)}" for key, value in section.items() if key != "overrides")
    for row in overrides:
        yield "[[tool.mypy.overrides]]"
        yield from (f"{name} = {_toml_value(value)}" for name, value in row.items())


def _toml_value(value: object) -> str:
    """A string, a number, a boolean or a list of these, which TOML writes as JSON does."""
    return json.dumps(value)


def _with_ini(file: Path, plugins: Sequence[str]) -> Configuration | None:
    parser = _ini(file)
    if not parser.has_section("mypy"):
        parser.add_section("mypy")
    both = _union(parser.get("mypy", "plugins", fallback="").replace("\n", ",").split(","), plugins)
    if both is None:
        return None
    parser.set("mypy", "plugins", ", ".join(both))
    text = io.StringIO()
    parser.write(text)
    return Configuration(file.parent, ".ini", text.getvalue())


def _union(known: Sequence[str], wanted: Sequence[str]) -> list[str] | None:
    """All plugins, those known first; None if all are known."""
    named = [name.strip() for name in known if name.strip()]
    missing = [name for name in wanted if name not in named]
    return [*named, *missing] if missing else None


def _toml(file: Path) -> dict[str, Any]:  # Any: what TOML holds
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigurationFileError(f"{file}: {' '.join(str(error).split())}") from error


def _ini(file: Path) -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser()
    try:
        parser.read_string(file.read_text("utf-8"))
    except (OSError, ValueError, configparser.Error) as error:
        raise ConfigurationFileError(f"{file}: {' '.join(str(error).split())}") from error
    return parser


@contextmanager
def written(configuration: Configuration) -> Generator[Path]:
    """The configuration as a file, while mypy reads it.

    The name is that of the process: two runs in one directory do not take each other's file away.
    """
    path = configuration.directory / f".experimaestro-mypy-{os.getpid()}{configuration.suffix}"
    path.write_text(configuration.text, "utf-8")
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)
