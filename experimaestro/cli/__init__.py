"""The command line: ``experimaestro COMMAND``. Each command is imported when it is used."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Final

import click

from experimaestro._types import __version__
from experimaestro.exceptions import HandledException, did_you_mean

COMMANDS: Final = {
    "experiments": "experimaestro.cli.experiments",
    "jobs": "experimaestro.cli.jobs",
    "run-experiment": "experimaestro.cli.run_experiment",
    "version": "experimaestro.cli.version",
    "workspaces": "experimaestro.cli.workspaces",
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are used; each module calls its command `command`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        home = COMMANDS.get(cmd_name)
        if home is None:
            return None
        command = import_module(home).command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            ctx.fail(f"No such command {args[0]!r} (known: {', '.join(COMMANDS)}){did_you_mean(args[0], COMMANDS)}")
        return super().resolve_command(ctx, args)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="experimaestro")
@click.option("--traceback", is_flag=True, help="Show where errors come from.")
@click.pass_context
def cli(context: click.Context, *, traceback: bool) -> None:
    """Runs experiments, and shows what became of them."""
    context.obj = traceback


def main() -> None:
    """The entry point: exits 1 with the message of an error that is the user's to mend."""
    if sys.platform == "win32":
        sys.exit("experimaestro runs on Linux and macOS, not on Windows")
    try:
        cli(prog_name="experimaestro")
    except HandledException as error:
        if "--traceback" in sys.argv:
            raise
        click.secho(f"Error: {error}", fg="red", err=True)
        sys.exit(1)
