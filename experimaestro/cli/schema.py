"""``experimaestro schema SOURCE``: the JSON Schema of the files of an experiment."""

from __future__ import annotations

import json
import os
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Final

import click

from experimaestro.cli.options import PathOption

MODELINE: Final = "# yaml-language-server: $schema="


@click.command(name="schema")
@click.argument("source", metavar="FILE_OR_MODULE")
@click.option("-o", "--output", type=PathOption(), metavar="FILE", help="Write the schema to a file.")
@click.option(
    "--modeline",
    is_flag=True,
    help="Tell editors of the schema: a comment at the top of the YAML file; the schema is written beside it.",
)
def command(*, source: str, output: Path | None, modeline: bool) -> None:
    """Print the JSON Schema of the files of an experiment.

    FILE_OR_MODULE is a YAML file, a Python file, a module, or module:Class.

    \b
      experimaestro schema full.yaml
      experimaestro schema --modeline full.yaml
    """
    from experimaestro.configuration.schema import schema_of  # late: the help does not need what imports experiments
    from experimaestro.experiments.classes import configuration_class

    with redirect_stdout(sys.stderr):  # what the code of the user prints is no part of the schema
        found = configuration_class(source)
    if modeline and found.file is None:
        raise click.UsageError(f"--modeline changes a YAML file, found {source!r}")
    text = json.dumps(schema_of(found.cls), indent=2, ensure_ascii=False)
    if found.file is not None and modeline:
        output = output or found.file.with_suffix(".schema.json")
        add_modeline(found.file, output)
    if output is None:
        click.echo(text)
    else:
        output.write_text(f"{text}\n", encoding="utf-8")


def add_modeline(file: Path, schema: Path) -> None:
    """Names the schema in the first line of a YAML file, instead of the one named there before."""
    text = file.read_text(encoding="utf-8")
    first, _, rest = text.partition("\n")
    reference = os.path.relpath(schema, file.parent)
    file.write_text(f"{MODELINE}{reference}\n{rest if first.startswith(MODELINE) else text}", encoding="utf-8")
