"""What a project sets for the plugin: ``[tool.experimaestro.mypy]`` in its `pyproject.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from enum import Enum
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple, cast

from mypy.options import Options

from experimaestro_mypy import codes

TABLE: Final = "tool.experimaestro.mypy"
"""The table of the settings."""

_FILE: Final = "pyproject.toml"


class Severity(Enum):
    """How a finding is told."""

    ERROR = "error"
    WARNING = "warning"
    """As a note: mypy then ends with 0."""
    OFF = "off"


class Settings(NamedTuple):
    """What the plugin may be told."""

    directory: Path
    """What the patterns are relative to."""
    yaml: tuple[str, ...] | None = None
    """Patterns of the YAML files of experiments, such as ``configs/**/*.yaml``; None for those near the code."""
    severity: Mapping[str, Severity] = {}
    """By error code; the others are errors."""

    def severity_of(self, code: str) -> Severity:
        """How the findings of a code are told."""
        return self.severity.get(code, Severity.ERROR)


class SettingsError(ValueError):
    """The settings of a project are not what they may be; the message names the file."""


def settings_of(options: Options) -> Settings:
    """The settings of the project that mypy checks: of the `pyproject.toml` beside its configuration file, or above.

    Raises SettingsError.
    """
    start = Path(options.config_file).absolute().parent if options.config_file else Path.cwd()
    file = _file(start)
    return Settings(start) if file is None else _read(file, file.stat().st_mtime_ns)


def settings_or_defaults(options: Options) -> Settings:
    """The same; the defaults where the settings are wrong, which is told once, at the start."""
    try:
        return settings_of(options)
    except SettingsError:
        return Settings(Path.cwd())


@lru_cache(maxsize=64)
def _file(start: Path) -> Path | None:
    for directory in (start, *start.parents):
        if (directory / _FILE).is_file():
            return directory / _FILE
        if (directory / ".git").exists():
            return None
    return None


@lru_cache(maxsize=8)
def _read(file: Path, version: int) -> Settings:
    try:
        content = tomllib.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsError(f"{file}: cannot be read ({error})") from error
    return parsed(content, file)


def parsed(content: Mapping[str, object], file: Path) -> Settings:
    """The settings in the content of a `pyproject.toml`.

    Raises SettingsError.
    """
    found: object = content
    for key in TABLE.split("."):
        found = (_table(found) or {}).get(key, {})
    table = _table(found)
    if table is None:
        raise SettingsError(f"{file}: [{TABLE}]: found {found!r}, expected a table")
    _check_keys(table, ("yaml", "severity"), file, TABLE)
    return Settings(file.parent, _patterns(table.get("yaml"), file), _severities(table.get("severity"), file))


def _table(value: object) -> dict[str, object] | None:
    return cast("dict[str, object]", value) if isinstance(value, dict) else None  # keys of TOML are texts


def _patterns(value: object, file: Path) -> tuple[str, ...] | None:
    if value is None:
        return None
    items = cast("list[object]", value) if isinstance(value, list) else []
    patterns = [item for item in items if isinstance(item, str) and item and not Path(item).is_absolute()]
    if patterns != value:
        raise SettingsError(f"{file}: [{TABLE}] yaml: found {value!r}, expected a list of patterns ('configs/*.yaml')")
    return tuple(patterns)


def _severities(value: object, file: Path) -> dict[str, Severity]:
    where = f"{TABLE}.severity"
    if value is None:
        return {}
    table = _table(value)
    if table is None:
        raise SettingsError(f"{file}: [{TABLE}] severity: found {value!r}, expected a table: code = severity")
    _check_keys(table, codes.ALL, file, where)
    words = [severity.value for severity in Severity]
    for code, word in table.items():
        if word not in words:
            raise SettingsError(
                f"{file}: [{where}] {code}: found {word!r}, expected {', '.join(map(repr, words))}{_near(word, words)}"
            )
    return {code: Severity(word) for code, word in table.items()}


def _check_keys(
    table: Mapping[str, object], known: Mapping[str, object] | tuple[str, ...], file: Path, at: str
) -> None:
    for key in table:
        if key not in known:
            near = _near(key, known) or f" (known: {', '.join(known)})"
            raise SettingsError(f"{file}: [{at}]: unknown key {key!r}{near}")


def _near(word: object, known: Mapping[str, object] | tuple[str, ...] | list[str]) -> str:
    close = get_close_matches(str(word), list(known), n=1)
    return f"; did you mean {close[0]!r}?" if close else ""
