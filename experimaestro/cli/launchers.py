"""``experimaestro launchers``: files that say how jobs are started."""

from __future__ import annotations

from pathlib import Path

import click

from experimaestro.cli.group import Group
from experimaestro.cli.options import PathOption
from experimaestro.exceptions import HandledException


class ExistingFilesError(HandledException):
    """Files would be overwritten."""

    def __init__(self, paths: list[Path]) -> None:
        super().__init__(
            f"already there: {', '.join(map(str, paths))} (--force overwrites, --output FILE writes elsewhere)"
        )


@click.group(name="launchers", cls=Group)
def command() -> None:
    """Files that say how jobs are started."""


@command.group(name="direct", cls=Group)
def direct() -> None:
    """Jobs that are processes of this machine."""


@direct.command(name="generate")
@click.option(
    "-o", "--output", type=PathOption(), metavar="FILE", help="Instead of ~/.config/experimaestro/launchers.py."
)
@click.option("-f", "--force", is_flag=True, help="Overwrite files.")
def generate(*, output: Path | None, force: bool) -> None:
    """Write launchers.py, and tokens.yaml beside it, for this machine.

    Tasks that ask for memory or accelerators, with find_launcher, never take more of them than there is.
    """
    from experimaestro.launcherfinder.directory import LAUNCHERS_FILE, LauncherRegistry
    from experimaestro.launcherfinder.generation import files_of  # late: the help does not need it
    from experimaestro.launcherfinder.machine import this_machine

    launchers = output or LauncherRegistry.instance().basepath / LAUNCHERS_FILE
    texts = files_of(this_machine())
    files = {launchers if name == LAUNCHERS_FILE else launchers.parent / name: text for name, text in texts.items()}
    existing = [path for path in files if path.exists()]
    if existing and not force:
        raise ExistingFilesError(existing)
    launchers.parent.mkdir(parents=True, exist_ok=True)
    for path, text in files.items():
        path.write_text(text, encoding="utf-8")
        click.echo(str(path))
