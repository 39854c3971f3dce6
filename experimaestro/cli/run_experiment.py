"""``experimaestro run-experiment FILE [ARGS]``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from experimaestro._types import RunMode, ShowFormat
from experimaestro.cli.options import PathOption
from experimaestro.exceptions import did_you_mean
from experimaestro.experiments.options import RunOptions


def _run_mode(context: click.Context, parameter: click.Parameter, value: str) -> RunMode:
    """Reads a run mode, in any case, with dashes or underscores."""
    modes = {_plain(spelling): mode for mode in RunMode for spelling in (mode.name, mode.value)}
    if _plain(value) not in modes:
        known = [mode.name.lower() for mode in RunMode]
        raise click.BadParameter(f"found {value!r}, expected one of {', '.join(known)}{did_you_mean(value, known)}")
    return modes[_plain(value)]


def _plain(spelling: str) -> str:
    return spelling.lower().replace("-", "_")


def _environment(
    context: click.Context, parameter: click.Parameter, value: Sequence[tuple[str, str]]
) -> Sequence[tuple[str, str]]:
    for name, _ in value:
        if not name or "=" in name:
            raise click.BadParameter(f"found {name!r} as a name, write --env NAME VALUE")
    return value


class _Command(click.Command):
    """The format of ``--show`` stands behind ``=``: without it the next word is the file."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        end = args.index("--") if "--" in args else len(args)
        words = [f"--show={ShowFormat.JSON.value}" if word == "--show" else word for word in args[:end]]
        return super().parse_args(ctx, [*words, *args[end:]])


@click.command(name="run-experiment", cls=_Command)
@click.option("--workdir", type=PathOption(), help="The directory of the workspace.")
@click.option("--workspace", metavar="ID", help="A workspace of the settings.")
@click.option("-c", "--conf", "overrides", multiple=True, metavar="KEY=VALUE", help="Change the configuration.")
@click.option("--pre-yaml", type=PathOption(), multiple=True, metavar="FILE", help="YAML file merged before FILE.")
@click.option("--post-yaml", type=PathOption(), multiple=True, metavar="FILE", help="YAML file merged after FILE.")
@click.option(
    "--run-mode",
    default=RunMode.NORMAL.value,
    metavar=f"[{'|'.join(mode.name.lower() for mode in RunMode)}]",
    callback=_run_mode,
    help="What to do with tasks: run them, write their files, print what would run, or prepare data.",
)
@click.option(
    "--show",
    "only_show",
    type=click.Choice([form.value for form in ShowFormat]),
    metavar="[=json|yaml|origin]",
    help="Print the merged configuration, as JSON or YAML, or where each value comes from; run nothing.",
)
@click.option(
    "--env",
    "environment",
    type=(str, str),
    multiple=True,
    metavar="NAME VALUE",
    callback=_environment,
    help="Environment variable of the jobs.",
)
@click.option("--file", "code_file", type=PathOption(), help="The Python file of the experiment.")
@click.option("--module-name", metavar="NAME", help="The Python module of the experiment, instead of a file.")
@click.option(
    "--xpm-config-dir",
    type=PathOption(exists=True, file_okay=False),
    metavar="PATH",
    help="Where settings.yaml and launchers.py are.",
)
@click.option("--debug", is_flag=True, help="Log more, and show where errors come from.")
@click.option("--host", hidden=True)
@click.option("--port", hidden=True)
@click.option("--no-db", is_flag=True, hidden=True)
@click.argument("file", type=PathOption())
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[ARGS]...")
def command(
    *,
    file: Path,
    arguments: Sequence[str],
    debug: bool,
    only_show: str | None,
    environment: Sequence[tuple[str, str]],
    run_mode: RunMode,
    xpm_config_dir: Path | None,
    workspace: str | None,
    workdir: Path | None,
    code_file: Path | None,
    module_name: str | None,
    overrides: Sequence[str],
    pre_yaml: Sequence[Path],
    post_yaml: Sequence[Path],
    host: str | None,
    port: str | None,
    no_db: bool,
) -> None:
    """Run the experiment that a YAML file describes.

    The suffix .yaml of FILE may be left out. ARGS are for experiments that take arguments.

    \b
      experimaestro run-experiment --workdir ./workspace full.yaml
      experimaestro run-experiment --workdir ./workspace full.yaml -c epochs=2
    """
    if code_file is not None and module_name is not None:
        raise click.UsageError("--file and --module-name exclude each other")
    options = RunOptions(
        file=file,
        arguments=arguments,
        pre=pre_yaml,
        post=post_yaml,
        overrides=overrides,
        run_mode=run_mode,
        workdir=workdir,
        workspace=workspace,
        environment=environment,
        code_file=code_file,
        module=module_name,
        config_dir=xpm_config_dir,
    )
    from experimaestro.cli.running import execute  # late: the help does not need what runs experiments

    debug = debug or bool(click.get_current_context().find_root().params.get("debug"))
    if host is not None or port is not None:
        click.echo("Warning: --host and --port have no effect: no web interface starts", err=True)
    sys.exit(execute(options, only_show=None if only_show is None else ShowFormat(only_show), debug=debug))
