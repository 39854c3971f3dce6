"""The command line: ``experimaestro COMMAND``. Each command is imported when it is used."""

from __future__ import annotations

import atexit
import gc
import sys
from importlib import import_module
from typing import Final, NamedTuple

import click

from experimaestro._types import __version__
from experimaestro.cli.group import Group
from experimaestro.exceptions import HandledException


class Home(NamedTuple):
    """Where a command is, and what the help says of it: the help imports no command."""

    module: str
    help: str


COMMANDS: Final = {
    "experiments": Home("experimaestro.cli.experiments", "Experiments of a workspace."),
    "find-launchers": Home("experimaestro.cli.find_launchers", "Show the launcher that a requirement gets."),
    "jobs": Home("experimaestro.cli.jobs", "Jobs of a workspace."),
    "launchers": Home("experimaestro.cli.launchers", "Files that say how jobs are started."),
    "mypy": Home("experimaestro.cli.mypy", "Check plans: mypy with the plugin of experimaestro."),
    "parameters-difference": Home(
        "experimaestro.cli.parameters_difference", "Show the parameters that differ between two tasks."
    ),
    "run-experiment": Home("experimaestro.cli.run_experiment", "Run the experiment that a YAML file describes."),
    "schema": Home("experimaestro.cli.schema", "Print the JSON Schema of the files of an experiment."),
    "version": Home("experimaestro.cli.version", "Print the version."),
    "workspaces": Home("experimaestro.cli.workspaces", "Workspaces of the settings."),
}


class LazyGroup(Group):
    """A group whose commands are imported when they are used; each module calls its command `command`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        home = COMMANDS.get(cmd_name)
        if home is None:
            return None
        command = import_module(home.module).command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name].help) for name in self.list_commands(ctx)])

    def invoke(self, ctx: click.Context) -> object:
        """Runs the command: of an error that is the user's to mend, the message is enough."""
        try:
            return super().invoke(ctx)
        except (HandledException, OSError) as error:
            is_mended_elsewhere = isinstance(error, OSError) and error.filename is None  # by click: a closed pipe
            if ctx.params["debug"] or is_mended_elsewhere:
                raise
            from experimaestro.cli.errors import ReportedError  # late: the help does not need what it imports

            raise ReportedError(error) from error
        except KeyboardInterrupt:
            raise click.exceptions.Exit(130) from None


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="experimaestro")
@click.option("--debug", "--traceback", is_flag=True, help="Show where errors come from.")
def cli(*, debug: bool) -> None:
    """Runs experiments, and shows what became of them."""


def main() -> None:
    """The entry point."""
    if sys.platform == "win32":
        sys.exit("experimaestro runs on Linux and macOS, not on Windows")
    _spare_collections()
    cli(prog_name="experimaestro")


def _spare_collections() -> None:
    """Has garbage searched less often while modules are imported, and not in all of them once more at the end.

    That is an eighth of what `--show` takes: modules are no garbage.
    """
    gc.set_threshold(50_000)
    atexit.register(gc.freeze)
