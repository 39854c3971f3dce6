"""``experimaestro run-experiment FILE [ARGS]``."""

from __future__ import annotations

import contextlib
import logging
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from experimaestro._types import RunMode
from experimaestro.cli.options import PathOption
from experimaestro.exceptions import FailedExperiment, HandledException, did_you_mean
from experimaestro.experiments.display import display
from experimaestro.experiments.frames import place, users_traceback
from experimaestro.experiments.run import RunOptions, load_experiment, run, show


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


@click.command(name="run-experiment")
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
@click.option("--show", "only_show", is_flag=True, help="Print the merged configuration as JSON; run nothing.")
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
    "--xpm-config-dir", type=PathOption(exists=True, file_okay=False), metavar="PATH", help="Where settings.yaml is."
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
    only_show: bool,
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
    """Run the experiment that FILE describes; its suffix .yaml may be left out.

    ARGS are for experiments that take arguments.

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
    debug = debug or bool(click.get_current_context().find_root().params.get("debug"))
    _configure_logging(debug=debug)
    if host is not None or port is not None:
        _announce("--host and --port have no effect: no web interface starts")
    try:
        _show(options) if only_show else _run(options)
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001  # the edge of the process
        sys.exit(_report(error, debug=debug))


def _show(options: RunOptions) -> None:
    with contextlib.redirect_stdout(sys.stderr):  # what the code of the user prints is no part of the JSON
        text = show(load_experiment(options))
    click.echo(text)


def _run(options: RunOptions) -> None:
    run(options, load_experiment(options), display, _announce)


def _announce(line: str) -> None:
    click.echo(line, err=True)


def _report(error: BaseException, *, debug: bool) -> int:
    """Says what went wrong; returns the exit code."""
    if isinstance(error, click.ClickException | click.exceptions.Exit | click.Abort):
        raise error
    if isinstance(error, KeyboardInterrupt):
        click.secho("Interrupted", fg="yellow", err=True)
        return 130
    click.secho(_words(error, debug=debug), fg="red", err=True)
    return 1


def _words(error: BaseException, *, debug: bool) -> str:
    """What is said of an error: all of it, what it says itself, or where it is in the code of the user."""
    if debug:
        return "".join(traceback.format_exception(error)).rstrip()
    if isinstance(error, FailedExperiment):
        return str(error)
    if isinstance(error, HandledException):
        where = place(error)
        return f"Error: {error}\n  raised at {where}" if where else f"Error: {error}"
    return users_traceback(error)


class _CurrentStderr(logging.StreamHandler[Any]):
    """Writes on the present standard error output, which the display replaces. Any: a stream is any file."""

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        super().emit(record)


def _configure_logging(*, debug: bool) -> None:
    handler = _CurrentStderr(sys.stderr)
    handler.setFormatter(
        logging.Formatter("%(asctime)s %(levelname)-5s %(name)s: %(message)s", datefmt="%Y-%m-%dT%H:%M:%S")
    )
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    logging.getLogger("xpm").setLevel(logging.DEBUG if debug else logging.WARNING)
    logging.getLogger("xpm.jobs").disabled = True  # the display shows which jobs fail, the end why
