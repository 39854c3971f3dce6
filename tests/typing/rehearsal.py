"""Plans the programs without mistakes, all in one process: ``python -m tests.typing.rehearsal``.

Prints, in JSON, the failure of each program that fails.
"""

from __future__ import annotations

import contextlib
import io
import json
import runpy
import sys
import tempfile
import traceback
from collections.abc import Iterator
from pathlib import Path

from experimaestro.cli.run_experiment import command
from tests.typing.checkers import PROGRAMS, files, programs


def main() -> None:
    failures = {f"{folder}/{name}": failure(folder, name) for folder in ("fixed", "right") for name in programs(folder)}
    print(json.dumps({program: text for program, text in failures.items() if text}))


def failure(folder: str, name: str) -> str:
    """What goes wrong with a program; nothing, if all is well."""
    output = io.StringIO()
    path, modules = list(sys.path), set(sys.modules)
    try:
        with (
            tempfile.TemporaryDirectory() as place,
            contextlib.redirect_stdout(output),
            contextlib.redirect_stderr(output),
        ):
            plan(folder, name, Path(place))
    except BaseException as error:  # noqa: BLE001  # reported as the failure of this program
        return f"{''.join(traceback.format_exception(error)[-3:])}{output.getvalue()[-500:]}"
    finally:
        sys.path[:] = path
        for module in set(sys.modules) - modules:
            if module.partition(".")[0] in programs(folder):
                del sys.modules[module]
    return ""


def plan(folder: str, name: str, place: Path) -> None:
    source = files(folder, name)
    if not any("def run(helper" in file.read_text() for file in source):
        run_alone(source[0], place)
    for file in yaml_files(folder, name, place):
        options = ["--run-mode=dry_run", "--workdir", str(place), "--xpm-config-dir", str(place), str(file)]
        try:
            command.main(options, standalone_mode=False)
        except SystemExit as end:
            if end.code:
                raise


def run_alone(file: Path, place: Path) -> None:
    with contextlib.chdir(place):
        runpy.run_path(str(file), run_name=file.stem)


def yaml_files(folder: str, name: str, place: Path) -> Iterator[Path]:
    """The YAML files of a program, or one that gives no value, written for it."""
    alone = (PROGRAMS / folder / f"{name}.py").exists()
    found = [PROGRAMS / folder / f"{name}.yaml"] if alone else sorted((PROGRAMS / folder / name).glob("*.yaml"))
    found = [file for file in found if file.exists()]
    yield from found
    if not found and any("def run(helper" in file.read_text() for file in files(folder, name)):
        module = name if alone else f"{name}.main"
        written = place / "plan.yaml"
        written.write_text(f"id: plan\nmodule: {module}\npythonpath: ['{PROGRAMS / folder}']\ndirty_git: ignore\n")
        yield written


if __name__ == "__main__":
    main()
