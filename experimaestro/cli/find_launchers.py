"""``experimaestro find-launchers SPEC``: the launcher that a requirement gets."""

from __future__ import annotations

from pathlib import Path

import click

from experimaestro.cli.options import PathOption


@click.command(name="find-launchers")
@click.argument("spec")
@click.option(
    "--config",
    type=PathOption(exists=True, file_okay=False),
    metavar="DIRECTORY",
    help="Where launchers.py is, instead of ~/.config/experimaestro.",
)
def command(*, spec: str, config: Path | None) -> None:
    """Show the launcher that a requirement gets.

    \b
      experimaestro find-launchers "duration=1h & gpu(mem=4G)"
    """
    from experimaestro.launcherfinder.directory import LauncherRegistry  # late: the help does not need it

    LauncherRegistry.set_config_dir(config)
    registry = LauncherRegistry.instance()
    launcher = registry.find_launcher(spec)
    if registry.launchers_file is None:
        click.echo(f"There is no launchers.py in {registry.basepath}: tasks run on this machine", err=True)
    click.echo(str(launcher))
