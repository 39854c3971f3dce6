"""``experimaestro mypy [arguments of mypy]``: mypy with the plugin, whatever the configuration of the project."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Final, NamedTuple

from experimaestro_mypy import configfile, locations

_FAILED: Final = 2
"""mypy's own exit status when it cannot check."""

_COLOR: Final = r"(?:\x1b\[[\d;]*m|\x1b\(B)*"
_ERROR: Final = re.compile(
    rf"^(?P<before>{_COLOR})(?P<place>[^:\n]+:\d+(:\d+)*): "
    rf"(?P<severity>{_COLOR}(?:error|note):{_COLOR}) (?P<message>.*)$",
    re.DOTALL,
)


class Arguments(NamedTuple):
    """What mypy gets, and what is taken out for the plugin."""

    mypy: list[str]
    config_file: Path | None
    plugins: list[str]


def main(arguments: Sequence[str]) -> int:
    """Runs mypy with the plugin, and returns mypy's exit status."""
    given = parsed(arguments)
    try:
        file = given.config_file or configfile.find(Path.cwd())
        configuration = configfile.with_plugins(file, given.plugins, Path.cwd())
        if configuration is None:
            return _run(["--config-file", str(file), *given.mypy])
        with configfile.written(configuration) as path:
            return _run(["--config-file", str(path), *given.mypy])
    except (configfile.ConfigurationFileError, OSError) as error:
        sys.stderr.write(f"experimaestro mypy: {error}\n")
        return _FAILED


def parsed(arguments: Sequence[str]) -> Arguments:
    """Takes ``--plugin NAME`` and ``--config-file FILE`` out of mypy's arguments."""
    rest: list[str] = []
    plugins: list[str] = [configfile.PLUGIN]
    config_file: Path | None = None
    remaining = iter(arguments)
    for argument in remaining:
        name, equal, value = argument.partition("=")
        if name not in ("--plugin", "--config-file"):
            rest.append(argument)
            continue
        value = value if equal else next(remaining, "")
        if name == "--config-file":
            config_file = Path(value)
        elif value not in plugins:
            plugins.append(value)
    return Arguments(rest, config_file, plugins)


def _run(arguments: Sequence[str]) -> int:
    environment = dict(os.environ)
    if sys.stdout.isatty():
        environment.setdefault("MYPY_FORCE_COLOR", "1")
    command = [sys.executable, "-m", "mypy", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True) as process:
        assert process.stdout is not None
        for line in rewritten(process.stdout):
            sys.stdout.write(line)
        return process.wait()


def rewritten(lines: IO[str] | Sequence[str]) -> Iterator[str]:
    """The lines of mypy, those on YAML files with the place in that file."""
    return (_from_json(line) if line.startswith("{") else _from_text(line) for line in lines)


def _from_text(line: str) -> str:
    found = _ERROR.match(line)
    location = locations.parse(found["message"].rstrip("\n")) if found else None
    if found is None or location is None:
        return line
    place = f"{location.path}:{location.line}:{location.column}"
    return f"{found['before']}{place}: {found['severity']} {location.message}\n"


def _from_json(line: str) -> str:
    try:
        record: dict[str, object] = json.loads(line)
    except ValueError:
        return line
    location = locations.parse(str(record.get("message", "")))
    if location is None:
        return line
    column = location.column - 1  # mypy counts lines from 1, and columns from 0
    place = {"file": location.path, "line": location.line, "column": column, "message": location.message}
    end = {"end_line": location.line, "end_column": column + 1}
    return json.dumps({**record, **place, **end}) + "\n"
